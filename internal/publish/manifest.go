package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/deploysite/deploysite/internal/disk"
)

// ownPrefix begins names in the output that are reserved for this package.
const ownPrefix = ".deploysite-"

// ManifestName is the file in the output that lists what was built.
const ManifestName = ownPrefix + "manifest.json"

// maxManifest is the largest manifest that is read, in bytes. A site of 100,000
// files needs 15 MB.
const maxManifest = 64 << 20

// Manifest lists our files in the output; all others are foreign. It is no cache:
// bytes decide whether a file has to be written.
//
//	{
//	 "version": 1,
//	 "build": "6b86b273…",
//	 "files": {
//	  "index.html": "d4735e3a…"
//	 }
//	}
//
// The same site gives the same manifest, byte for byte.
type Manifest struct {
	Version int               `json:"version"` // 1
	Build   string            `json:"build"`   // SHA-256 over all files; "" while an in-place build is under way
	Files   map[string]string `json:"files"`   // path → SHA-256 in hexadecimal
}

// ManifestOf is the file [ManifestName] of a site with these files, by their SHA-256.
func ManifestOf(files map[string]string) []byte { return newManifest(files).encode() }

func newManifest(files map[string]string) Manifest {
	return Manifest{Version: 1, Build: buildID(files), Files: files}
}

func buildID(files map[string]string) string {
	h := sha256.New()
	for _, p := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s %s\n", files[p], p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (m Manifest) encode() []byte {
	data, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		panic(err) // strings and an integer: cannot happen
	}
	return append(data, '\n')
}

// readManifest reads the manifest in root. It leaves out entries that no build of
// ours can have written. A manifest that cannot be used is empty.
func readManifest(root *os.Root) (m Manifest) {
	data, err := disk.Read(root.FS(), ManifestName, maxManifest)
	if err != nil || json.Unmarshal(data, &m) != nil || m.Version != 1 {
		return Manifest{}
	}
	maps.DeleteFunc(m.Files, func(p, sum string) bool { return BadPath(p) != "" || !isSum(sum) })
	return m
}

func isSum(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == sha256.Size
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}
