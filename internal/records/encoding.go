package records

import (
	"bytes"
	"fmt"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// IsPointer reports whether a file is what Git LFS leaves in the place of another.
func IsPointer(source []byte) bool {
	return bytes.HasPrefix(source, []byte("version https://git-lfs.github.com/spec/"))
}

// isPointer reports such a file in the place of one that is to be read.
func (p *parse) isPointer(of string) bool {
	if !IsPointer(p.r.Source) {
		return false
	}
	p.r.report(0, problem.LFSPointer, "fetch the file: git lfs pull", "this is a pointer of Git LFS, not the %s", of)
	return true
}

// encoding reports bytes that are not UTF-8, each kind once, and replaces them by "?"
// for reading. It returns false if the file has another encoding and cannot be read.
func (p *parse) encoding() bool {
	if text.IsUTF16(p.text) {
		p.r.report(0, problem.BadEncoding, "save it as UTF-8", "the file is written in UTF-16")
		return false
	}
	bad := map[byte][]int{}
	for i := text.BadByte(p.text, 0); i >= 0; i = text.BadByte(p.text, i+1) {
		kind := p.text[i]
		if kind != 0 && kind != '\r' {
			kind = invalid
		}
		bad[kind] = append(bad[kind], i)
	}
	p.reportBytes(bad[invalid], "is not valid UTF-8", "save the file as UTF-8")
	p.reportBytes(bad[0], "is a NUL character", "remove it")
	p.reportBytes(bad['\r'], "is a carriage return without a line feed", "end lines with LF or CR LF")
	if unread := append(bad[invalid], bad[0]...); len(unread) > 0 {
		p.text = bytes.Clone(p.text)
		for _, i := range unread {
			p.text[i] = '?'
		}
	}
	return true
}

// invalid stands for each byte that is not UTF-8, which it is none of.
const invalid = 0xff

func (p *parse) reportBytes(at []int, what, hint string) {
	if len(at) == 0 {
		return
	}
	first := ""
	if len(at) > 1 {
		first = fmt.Sprintf(", the first of %d", len(at))
	}
	p.r.report(at[0], problem.BadEncoding, hint, "a byte here %s%s", what, first)
}
