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

// ownPrefix starts the names in the output that are kept for this package.
const ownPrefix = ".deploysite-"

// ManifestName is the file in the output that lists what was built.
const ManifestName = ownPrefix + "manifest.json"

// maxManifest limits what is read: a site of 100,000 files needs 15 MB.
const maxManifest = 64 << 20

// Manifest tells our files in the output from foreign ones. It is no cache:
// whether a file has to be written is decided by its bytes.
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

// readManifest reads the manifest in root. Entries that no build of ours can
// have written are left out; it is an error if nothing of it can be used.
func readManifest(root *os.Root) (Manifest, error) {
	data, err := disk.Read(root.FS(), ManifestName, maxManifest)
	if err != nil {
		return Manifest{}, err
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return Manifest{}, err
	}
	if m.Version != 1 {
		return Manifest{}, fmt.Errorf("version %d is not known", m.Version)
	}
	maps.DeleteFunc(m.Files, func(p, sum string) bool { return BadPath(p) != "" || !isSum(sum) })
	return m, nil
}

func isSum(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == sha256.Size
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}
