// Command emptybase runs a command while it serves the base image of the container to it, on loopback:
//
//	emptybase ko build --push=false ./cmd/pong
//
// The image has nothing but the folder /data, which belongs to the user 65532, so that a new volume there does. Its
// reference is in the environment of the command, as KO_DEFAULTBASEIMAGE. The bytes never change, and no registry of
// others is needed.
package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
)

// user is that of the image, by number: an empty image has no /etc/passwd.
const user = 65532

func main() {
	err := run(os.Args[1:])
	var failed *exec.ExitError
	switch {
	case errors.As(err, &failed):
		os.Exit(failed.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, "emptybase:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("usage: emptybase COMMAND [ARGUMENT]...")
	}
	image, err := newRegistry("amd64", "arm64")
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer l.Close()
	go http.Serve(l, image) //nolint:errcheck // it ends with the listener
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), fmt.Sprintf("KO_DEFAULTBASEIMAGE=%s/empty:latest", l.Addr()))
	return cmd.Run()
}

// A registry serves one image, by the name empty:latest, with the API of the OCI distribution specification.
type registry struct {
	index []byte
	blobs map[string]blob // manifests, configurations and layers, by their digests
}

// A blob is content with its media type.
type blob struct {
	mediaType string
	content   []byte
}

// A descriptor refers to a blob.
type descriptor struct {
	MediaType string         `json:"mediaType"`
	Digest    string         `json:"digest"`
	Size      int            `json:"size"`
	Platform  map[string]any `json:"platform,omitempty"`
}

const indexType = "application/vnd.oci.image.index.v1+json"

// newRegistry makes the image for some architectures.
func newRegistry(architectures ...string) (*registry, error) {
	r := &registry{blobs: map[string]blob{}}
	layer, err := dataFolder()
	if err != nil {
		return nil, err
	}
	data := r.add("application/vnd.oci.image.layer.v1.tar", layer)
	var manifests []descriptor
	for _, arch := range architectures {
		platform := map[string]any{"os": "linux", "architecture": arch}
		config, err := r.addJSON("application/vnd.oci.image.config.v1+json", map[string]any{
			"os": "linux", "architecture": arch,
			"config": map[string]any{"User": fmt.Sprintf("%d:%[1]d", user), "WorkingDir": "/data"},
			"rootfs": map[string]any{"type": "layers", "diff_ids": []string{data.Digest}},
		})
		if err != nil {
			return nil, err
		}
		const manifestType = "application/vnd.oci.image.manifest.v1+json"
		manifest, err := r.addJSON(manifestType, map[string]any{
			"schemaVersion": 2, "mediaType": manifestType, "config": config, "layers": []descriptor{data},
		})
		if err != nil {
			return nil, err
		}
		manifest.Platform = platform
		manifests = append(manifests, manifest)
	}
	index, err := r.addJSON(indexType, map[string]any{
		"schemaVersion": 2, "mediaType": indexType, "manifests": manifests,
	})
	r.index = r.blobs[index.Digest].content
	return r, err
}

// dataFolder returns an archive with the folder /data.
func dataFolder() ([]byte, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: "data/", Mode: 0o700, Uid: user, Gid: user})
	return b.Bytes(), errors.Join(err, w.Close())
}

func (r *registry) add(mediaType string, content []byte) descriptor {
	digest := fmt.Sprintf("sha256:%x", sha256.Sum256(content))
	r.blobs[digest] = blob{mediaType, content}
	return descriptor{MediaType: mediaType, Digest: digest, Size: len(content)}
}

func (r *registry) addJSON(mediaType string, value any) (descriptor, error) {
	content, err := json.Marshal(value)
	return r.add(mediaType, content), err
}

// ServeHTTP answers requests for a manifest or a blob, /v2/empty/manifests/latest or /v2/empty/blobs/sha256:...
func (r *registry) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	name := path.Base(req.URL.Path)
	b, ok := r.blobs[name]
	switch {
	case req.URL.Path == "/v2/":
		return
	case name == "latest":
		b = blob{indexType, r.index}
	case !ok:
		http.NotFound(w, req)
		return
	}
	w.Header().Set("Content-Type", b.mediaType)
	w.Header().Set("Content-Length", fmt.Sprint(len(b.content)))
	w.Header().Set("Docker-Content-Digest", fmt.Sprintf("sha256:%x", sha256.Sum256(b.content)))
	_, _ = w.Write(b.content)
}
