package records

import (
	"bytes"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/problem"
)

// encoding reports bytes that are no UTF-8 text, each kind once, and puts a "?"
// in their place for reading. false means that the file is in another encoding
// and cannot be read at all.
func (p *parse) encoding() bool {
	if isUTF16(p.text) {
		p.r.report(0, problem.Error, "save it as UTF-8", "the file is written in UTF-16")
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
		p.r.report(at[0], problem.Error, hint, "a byte here %s", what)
	default:
		p.r.report(at[0], problem.Error, hint, "a byte here %s, the first of %d", what, len(at))
	}
}

// isUTF16 tells a file with a byte order mark of UTF-16, or with a NUL at each
// second place.
func isUTF16(text []byte) bool {
	if bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) {
		return true
	}
	head := text[:min(len(text), 1024)]
	return len(head) >= 4 && bytes.Count(head, []byte{0})*3 > len(head)
}

// byteOffsets are the places of bytes that are no text.
type byteOffsets struct{ invalid, nul, cr []int }

func badBytes(text []byte) (bad byteOffsets) {
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == 0:
			bad.nul = append(bad.nul, i)
		case c == '\r' && (i+1 == len(text) || text[i+1] != '\n'):
			bad.cr = append(bad.cr, i)
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(text[i:])
			if r == utf8.RuneError && n == 1 {
				bad.invalid = append(bad.invalid, i)
			}
			i += n
			continue
		}
		i++
	}
	return bad
}
