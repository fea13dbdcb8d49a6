package trust

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The access control lists of Windows take the place of modes: files inherit that of their folder.

// Narrow gives a new file to the user of this process alone. The system and administrators, who can read every file,
// keep their access.
func Narrow(f *os.File) error {
	own, err := ownUser()
	if err != nil {
		return err
	}
	return setAccess(f.Name(), "D:P(A;;FA;;;"+own.String()+")(A;;FA;;;SY)(A;;FA;;;BA)")
}

// setAccess replaces the access control list of a file by one in the security descriptor definition language. It opens
// the file, because the handle of one that is open for writing may not change the list.
func setAccess(path, text string) error {
	descriptor, err := windows.SecurityDescriptorFromString(text)
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	handle, err := windows.CreateFile(name, windows.READ_CONTROL|windows.WRITE_DAC,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, nil, windows.OPEN_EXISTING,
		windows.FILE_FLAG_BACKUP_SEMANTICS, 0) // which folders need
	if err != nil {
		return err
	}
	defer windows.CloseHandle(handle)
	return windows.SetKernelObjectSecurity(handle,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, descriptor)
}

// ownUser returns the user of this process.
func ownUser() (*windows.SID, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	return user.User.Sid, nil
}

// isOpenToOthers reports whether other users can read or change a file.
func isOpenToOthers(f *os.File) bool {
	others, err := otherUsers(f, readOrChange)
	return err != nil || len(others) > 0
}

// checkFolder returns a warning if other users can put files of their own into the folder of the server's identity, or
// remove those of the server.
func checkFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer f.Close()
	others, err := otherUsers(f, change|fileDeleteChild)
	if err != nil || len(others) == 0 {
		return nil
	}
	words := []string{"icacls", dir, "/inheritance:d"}
	for _, other := range others {
		words = append(words, "/remove:g", "*"+other)
	}
	return fmt.Errorf("other users can write to the folder %s and remove the server's identity: run %s", dir,
		Command(words...))
}

// checkOwner returns an error if a file belongs to another user, who may have placed it and can change its list.
func checkOwner(f *os.File, name string) error {
	descriptor, err := windows.GetSecurityInfo(windows.Handle(f.Fd()), windows.SE_FILE_OBJECT,
		windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return err
	}
	owner, _, err := descriptor.Owner()
	if err != nil {
		return err
	}
	own, err := ownUser()
	if err != nil || owner.Equals(own) || trustedUsers[owner.String()] {
		return err
	}
	return fmt.Errorf("%s belongs to another user, who may have placed it: run %s", name,
		Command("takeown", "/f", name))
}

// checkAccess is CheckSecret for a regular file.
func checkAccess(f *os.File, _ fs.FileInfo, name string) error {
	if err := checkOwner(f, name); err != nil {
		return err
	}
	others, err := otherUsers(f, readOrChange)
	if err == nil && len(others) == 0 {
		return nil
	}
	if err != nil || modesAreFixed(filepath.Dir(f.Name())) {
		return fmt.Errorf("%s can be read by other users, and %w", name, ErrFixedModes)
	}
	own, err := ownUser()
	if err != nil {
		return fmt.Errorf("%s can be read or changed by other users: %w", name, err)
	}
	words := []string{"icacls", name, "/inheritance:r", "/grant:r", "*" + own.String() + ":F"}
	for _, other := range others {
		words = append(words, "/remove:g", "*"+other)
	}
	return fmt.Errorf("%s can be read or changed by other users: run %s", name, Command(words...))
}

// The parts of an access control list that otherUsers looks at.
const (
	aceAllowed         = 0x00 // ACCESS_ALLOWED_ACE_TYPE
	aceAllowedCallback = 0x09 // ACCESS_ALLOWED_CALLBACK_ACE_TYPE
	aceInheritOnly     = 0x08 // it is for files in a folder
)

// otherUsers returns the users and groups that have one of some rights to an open file, besides the user of this
// process, the system and administrators.
func otherUsers(f *os.File, rights windows.ACCESS_MASK) (others []string, err error) {
	descriptor, err := windows.GetSecurityInfo(windows.Handle(f.Fd()), windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return nil, err
	}
	list, _, err := descriptor.DACL()
	if err != nil {
		return nil, err
	}
	if list == nil {
		return []string{everyone}, nil // no list lets everyone do everything
	}
	own, err := ownUser()
	if err != nil {
		return nil, err
	}
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &entry); err != nil {
			return nil, err
		}
		allows := entry.Header.AceType == aceAllowed || entry.Header.AceType == aceAllowedCallback
		if !allows || entry.Header.AceFlags&aceInheritOnly != 0 {
			continue
		}
		id := (*windows.SID)(unsafe.Pointer(&entry.SidStart)).String()
		if id != own.String() && !trustedUsers[id] && entry.Mask&rights != 0 {
			others = append(others, id)
		}
	}
	return others, nil
}

// everyone is the group of all users.
const everyone = "S-1-1-0"

// trustedUsers are those that can read every file, and stand-ins for the owner of a file.
var trustedUsers = map[string]bool{
	"S-1-5-18":     true, // the system
	"S-1-5-32-544": true, // administrators
	"S-1-3-0":      true, // the creator and owner
	"S-1-3-4":      true, // the rights of the owner
}

// The rights that otherUsers looks for: to read a file, and to write, append to and delete it, or to change its owner
// or list. Those to write are also those to add files to a folder.
const (
	change = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | windows.DELETE | windows.WRITE_DAC |
		windows.WRITE_OWNER | windows.GENERIC_WRITE | windows.GENERIC_ALL
	readOrChange = change | windows.FILE_READ_DATA | windows.GENERIC_READ

	fileDeleteChild = 0x40 // FILE_DELETE_CHILD: to remove files from a folder
)
