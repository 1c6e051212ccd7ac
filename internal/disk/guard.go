package disk

import (
	"cmp"
	"fmt"
	"os"
	"strings"
)

// A Guard notices programs that write into a file, or are about to, while the file is
// exchanged for another one.
//
//	guard, err := disk.Watch(path)
//	if err != nil { … } // a Busy: somebody writes
//	defer guard.Release()
//	err = disk.Exchange(path, other)
//	err = guard.Check(other) // a Busy: somebody has opened the old file meanwhile
//
// Linux leases the file: while it is leased, nobody can open it for writing. The one
// who tries waits until it is released. Where that is not possible, the open files
// of all processes are looked at, as far as the system shows them.
type Guard struct {
	file *os.File // the leased file; nil where there is no lease
}

// Busy is the error for a file that somebody has open for writing.
type Busy struct {
	By string // the program and its process; "" where that is unknown; [Writer] may tell
}

func (b Busy) Error() string {
	return cmp.Or(b.By, "another program") + " has it open for writing; close it there, or try again when that has ended"
}

// Watch begins to watch a file. The error is a [Busy] if somebody has it open for
// writing.
func Watch(path string) (*Guard, error) {
	g := &Guard{}
	free, err := g.lease(path)
	switch {
	case err == nil && !free:
		return nil, Busy{}
	case err == nil:
		return g, nil
	}
	return g, g.Check(path)
}

// Check returns a [Busy] if somebody has opened the file for writing since, or waits
// to. The file is at path now.
func (g *Guard) Check(path string) error {
	if g.file != nil {
		return g.keeps()
	}
	if by := Writer(path); by != "" {
		return Busy{by}
	}
	return nil
}

// programName names a process for people.
func programName(name string, pid any) string { return fmt.Sprintf("%s (process %v)", name, pid) }

// writerIn finds a program that writes in what lsof -F pca prints: for each process
// "p" with its number and "c" with its name, and for each open file "a" with "r", "w"
// or "u".
func writerIn(lsof string) string {
	pid, name := "", ""
	for line := range strings.Lines(lsof) {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "p"):
			pid = line[1:]
		case strings.HasPrefix(line, "c"):
			name = line[1:]
		case line == "aw", line == "au":
			return programName(name, pid)
		}
	}
	return ""
}
