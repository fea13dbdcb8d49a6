package main

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"io"
	"net/http/httptest"
	"testing"
)

// TestRegistry_ServesTheBase follows the image from its name to its layer, as ko does.
func TestRegistry_ServesTheBase(t *testing.T) {
	image, err := newRegistry("amd64", "arm64")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(image)
	defer server.Close()
	get := func(path string) []byte {
		t.Helper()
		response, err := server.Client().Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		content, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != 200 {
			t.Fatalf("GET %s: %s, error %v", path, response.Status, err)
		}
		return content
	}
	get("/v2/")
	var index struct{ Manifests []descriptor }
	if err := json.Unmarshal(get("/v2/empty/manifests/latest"), &index); err != nil || len(index.Manifests) != 2 {
		t.Fatalf("the index has %d manifests, error %v, want 2", len(index.Manifests), err)
	}
	for _, m := range index.Manifests {
		var manifest struct {
			Config descriptor
			Layers []descriptor
		}
		err := json.Unmarshal(get("/v2/empty/manifests/"+m.Digest), &manifest)
		if err != nil || len(manifest.Layers) != 1 {
			t.Fatalf("the manifest of %v has %d layers, error %v, want 1", m.Platform, len(manifest.Layers), err)
		}
		var config struct {
			Architecture string
			Config       struct{ User string }
		}
		err = json.Unmarshal(get("/v2/empty/blobs/"+manifest.Config.Digest), &config)
		if err != nil || config.Architecture != m.Platform["architecture"] || config.Config.User != "65532:65532" {
			t.Errorf("the configuration of %v is %+v, error %v, want the user 65532:65532", m.Platform, config, err)
		}
		layer := tar.NewReader(bytes.NewReader(get("/v2/empty/blobs/" + manifest.Layers[0].Digest)))
		folder, err := layer.Next()
		if err != nil || folder.Name != "data/" || folder.Uid != 65532 || folder.Mode != 0o700 {
			t.Errorf("the layer begins with %+v, error %v, want data/ of the user 65532 with mode 0700", folder, err)
		}
	}
}
