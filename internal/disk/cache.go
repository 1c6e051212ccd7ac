package disk

import (
	"errors"
	"os"
	"path/filepath"
)

// CacheDir is a folder of ours in the user's cache, which need not exist. A cache by a
// relative path is refused: it would lie in the project, and get committed.
func CacheDir(name string) (string, error) {
	cache, err := os.UserCacheDir()
	if err == nil && !filepath.IsAbs(cache) {
		err = errors.New("the path of the user's cache is relative")
	}
	return filepath.Join(cache, "deploysite", name), err
}
