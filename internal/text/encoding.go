package text

import (
	"bytes"
	"unicode/utf8"
)

// IsUTF16 reports whether a file begins with a byte order mark of UTF-16, or has a
// NUL at each second place.
func IsUTF16(source []byte) bool {
	if bytes.HasPrefix(source, []byte{0xff, 0xfe}) || bytes.HasPrefix(source, []byte{0xfe, 0xff}) {
		return true
	}
	head := source[:min(len(source), 1024)]
	return len(head) >= 4 && bytes.Count(head, []byte{0})*3 > len(head)
}

// BadByte is the offset of the first byte, from an offset on, that no record may
// have: a NUL, a carriage return without a line feed, or one that is not UTF-8. It is
// -1 where there is none.
func BadByte(source []byte, from int) int {
	for i := from; i < len(source); {
		switch c := source[i]; {
		case c == 0, c == '\r' && (i+1 == len(source) || source[i+1] != '\n'):
			return i
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(source[i:])
			if r == utf8.RuneError && n == 1 {
				return i
			}
			i += n
		default:
			i++
		}
	}
	return -1
}
