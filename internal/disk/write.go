package disk

import (
	"errors"
	"os"
)

// Fill writes the content of a new file down to the disk, and closes the file. then,
// if not nil, is called in between.
func Fill(f *os.File, content []byte, then func(*os.File) error) error {
	_, err := f.Write(content)
	if err == nil && then != nil {
		err = then(f)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
