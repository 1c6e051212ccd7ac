package disk

import (
	"errors"

	"golang.org/x/sys/windows"
)

// lease is not possible on this system.
func (*Guard) lease(string) (free bool, err error) { return false, errors.ErrUnsupported }

func (*Guard) keeps() error { return nil }

// Release lets others write again.
func (*Guard) Release() {}

// Writer says that somebody has the file open for writing, "" where nobody has: the
// system refuses to share it for reading only then.
func Writer(path string) string {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return ""
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ, windows.FILE_SHARE_READ|windows.FILE_SHARE_DELETE, nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
		return "another program"
	}
	if err == nil {
		_ = windows.CloseHandle(h)
	}
	return ""
}
