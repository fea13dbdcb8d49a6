//go:build siege && linux

package siege

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// prepared runs a shell script before a command, with a view of the file system of their own. The script has the
// folder as $folder, and the way to start the command as $start.
func prepared(cmd *exec.Cmd, script, folder string) *exec.Cmd {
	script += `; exec $start "$@"`
	cmd.Args = append([]string{"unshare", "--mount", "sh", "-ec", script, "sh"}, cmd.Args...)
	cmd.Path = "/usr/bin/unshare"
	cmd.Env = append(cmd.Env, "folder="+folder, "start=")
	return cmd
}

// readOnlySecret mounts the identity in the folder as Kubernetes mounts a secret, with a mode.
const readOnlySecret = `cp "$folder/identity.pem" "$HOME/kept"; mount -t tmpfs tmpfs "$folder"
install -m %s "$HOME/kept" "$folder/identity.pem"; mount -o remount,ro "$folder"`

// TestFiles_ReadOnlySecretServes serves with the identity in a read-only folder with mode 0440, and refuses one that
// everybody can read. A player with a read-only home joins, and so does one whose home belongs to another user; both
// read once that not everything can be kept.
func TestFiles_ReadOnlySecretServes(t *testing.T) {
	if out, err := exec.Command("unshare", "--mount", "true").CombinedOutput(); err != nil {
		fmt.Printf("no mount namespaces on this machine: %v: %s\n", err, out)
		return
	}
	certs := filepath.Join(t.TempDir(), "certs")
	serveCommand(t, pong(t, "", serveArgs("127.0.0.1", certs)...), "127.0.0.1").terminate()
	if err := os.Remove(filepath.Join(certs, "leaf.pem")); err != nil {
		t.Fatal(err)
	}
	secret := func(mode string) *exec.Cmd {
		return prepared(pong(t, "", serveArgs("127.0.0.1", certs)...), fmt.Sprintf(readOnlySecret, mode), certs)
	}
	run(t, secret("0444")).wantRefusal("mode 0444", "read-only file system", "defaultMode")
	s := serveCommand(t, secret("0440"), "127.0.0.1")
	poll(t, 20*time.Second, "the log says that the leaf is in memory", func() bool {
		return len(s.with("in memory alone")) == 1
	})
	for n, script := range []string{
		`mount -t tmpfs -o ro tmpfs "$folder"`,
		`mkdir "$folder/pong"; echo nonsense >"$folder/pong/known_servers"; chmod -R 0700 "$folder"
		chmod 0755 "$(dirname "$1")"; start="setpriv --reuid 65534 --regid 65534 --clear-groups"`,
	} {
		bot := pong(t, "", "bot", "--trust", s.Fingerprint, s.control.String())
		home := bot.Dir
		bot.Dir = "/"
		p := run(t, prepared(bot, script, home))
		poll(t, 20*time.Second, fmt.Sprintf("player %d has joined", n+1), func() bool {
			return len(s.with(`"msg":"joined"`)) > n || !p.running()
		})
		if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Errorf("after %s the player cannot join", script)
		}
		<-p.ended
		if said := p.stderr.String(); strings.Count(said, "Not everything can be kept") != 1 {
			t.Errorf("after %s the player reads %q, want once that not everything can be kept", script, said)
		}
	}
}
