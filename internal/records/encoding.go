package records

import (
	"bytes"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// IsPointer reports whether a file is what Git LFS leaves in the place of another.
func IsPointer(source []byte) bool {
	return bytes.HasPrefix(source, []byte("version https://git-lfs.github.com/spec/"))
}

// encoding reports bytes that are not UTF-8, each kind once, and replaces them by "?"
// for reading. It returns false if the file has another encoding and cannot be read.
func (p *parse) encoding() bool {
	if text.IsUTF16(p.text) {
		p.r.report(0, problem.BadEncoding, "save it as UTF-8", "the file is written in UTF-16")
		return false
	}
	bad := badBytes(p.text)
	p.reportBytes(bad.invalid, "is not valid UTF-8", "save the file as UTF-8")
	p.reportBytes(bad.nul, "is a NUL character", "remove it")
	p.reportBytes(bad.cr, "is a carriage return without a line feed", "end lines with LF or CR LF")
	if len(bad.invalid)+len(bad.nul) > 0 {
		p.text = bytes.Clone(p.text)
		for _, i := range append(bad.invalid, bad.nul...) {
			p.text[i] = '?'
		}
	}
	return true
}

func (p *parse) reportBytes(at []int, what, hint string) {
	switch len(at) {
	case 0:
	case 1:
		p.r.report(at[0], problem.BadEncoding, hint, "a byte here %s", what)
	default:
		p.r.report(at[0], problem.BadEncoding, hint, "a byte here %s, the first of %d", what, len(at))
	}
}

// byteOffsets are the offsets of bytes that are not text.
type byteOffsets struct{ invalid, nul, cr []int }

func badBytes(source []byte) (bad byteOffsets) {
	for i := text.BadByte(source, 0); i >= 0; i = text.BadByte(source, i+1) {
		switch source[i] {
		case 0:
			bad.nul = append(bad.nul, i)
		case '\r':
			bad.cr = append(bad.cr, i)
		default:
			bad.invalid = append(bad.invalid, i)
		}
	}
	return bad
}
