package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// lease leases the file. It is not free while somebody has it open for writing. The
// error says that it cannot be leased: it belongs to another user, or its file system
// has no leases. Those of a network say the same of a file that nobody has open.
func (g *Guard) lease(path string) (free bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	if err = errors.ErrUnsupported; !remote(file) {
		_, err = unix.FcntlInt(file.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	}
	switch {
	case err == nil:
		g.file = file
		return true, nil
	case errors.Is(err, unix.EAGAIN):
		err = nil
	}
	file.Close()
	return false, err
}

func remote(file *os.File) bool {
	var stat unix.Statfs_t
	if err := unix.Fstatfs(int(file.Fd()), &stat); err != nil {
		return true
	}
	switch int64(uint32(stat.Type)) {
	case unix.NFS_SUPER_MAGIC, unix.SMB_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.V9FS_MAGIC, unix.CEPH_SUPER_MAGIC, unix.AFS_SUPER_MAGIC:
		return true
	}
	return false
}

// keeps returns a [Busy] if somebody waits for the end of the lease to write.
func (g *Guard) keeps() error {
	kind, err := unix.FcntlInt(g.file.Fd(), unix.F_GETLEASE, 0)
	if err == nil && kind != unix.F_RDLCK {
		return Busy{}
	}
	return err
}

// Release lets others write again.
func (g *Guard) Release() {
	if g.file != nil {
		g.file.Close() // which ends the lease
	}
}

// Writer names a program that has the file open for writing, "" where none is seen.
// Without leave, only one's own processes can be seen. It looks at
// all open files of the system, which takes some time.
func Writer(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	open, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, fd := range open {
		if to, _ := os.Readlink(fd); filepath.IsAbs(to) && sameFile(fd, info) && writes(fd) {
			process := filepath.Dir(filepath.Dir(fd))
			name, _ := os.ReadFile(filepath.Join(process, "comm"))
			return programName(strings.TrimSpace(string(name)), filepath.Base(process))
		}
	}
	return ""
}

// writes reports whether an open file, /proc/PID/fd/N, is open for writing.
func writes(fd string) bool {
	info, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(fd)), "fdinfo", filepath.Base(fd)))
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(info)) {
		if octal, ok := strings.CutPrefix(line, "flags:"); ok {
			flags, err := strconv.ParseInt(strings.TrimSpace(octal), 8, 64)
			return err == nil && flags&unix.O_ACCMODE != unix.O_RDONLY && flags&unix.O_PATH == 0
		}
	}
	return false
}

// sameFile reports whether a path leads to a file.
func sameFile(path string, info fs.FileInfo) bool {
	other, err := os.Stat(path)
	return err == nil && os.SameFile(info, other)
}
