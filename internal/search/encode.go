package search

import "unicode/utf8"

// The index is written as text: a browser loads it as scripts, and a server
// packs it. Numbers are digits of 32 in 64 characters that JSON leaves alone,
// the lowest digit first; a character of the upper half says that more follow.
// One number is one character where it can be, so that packing comes close to
// what the numbers themselves tell.

// first is the lowest of the characters; the backslash among them is left out.
const (
	first     = '#'
	backslash = '\\'
)

func appendDigit(out []byte, d int) []byte {
	c := byte(first + d)
	if c >= backslash {
		c++
	}
	return append(out, c)
}

func digitOf(c byte) int {
	if c > backslash {
		c--
	}
	return max(0, int(c)-first)
}

// appendNumber appends a number from 0 on.
func appendNumber(out []byte, n int) []byte {
	for n >= 32 {
		out = appendDigit(out, n&31|32)
		n >>= 5
	}
	return appendDigit(out, n)
}

// wide is how many numbers are one character each where most are small.
const wide = 80

// appendWide appends a number that is mostly below wide.
func appendWide(out []byte, n int) []byte {
	if n < wide {
		return appendDigit(out, n)
	}
	return appendNumber(appendDigit(out, wide), n-wide)
}

// appendSigned appends a number of either sign.
func appendSigned(out []byte, n int) []byte {
	if n < 0 {
		return appendNumber(out, -n*2-1)
	}
	return appendNumber(out, n*2)
}

// A numbers reads what appendNumber wrote. What is not that, reads as zeros.
type numbers struct {
	text string
	at   int
}

func (r *numbers) digit() int {
	if r.at >= len(r.text) {
		return 0
	}
	r.at++
	return digitOf(r.text[r.at-1])
}

func (r *numbers) next() (n int) {
	for shift := 0; ; shift += 5 {
		d := r.digit()
		n |= (d & 31) << shift
		if d < 32 || shift > 40 {
			return n
		}
	}
}

func (r *numbers) wide() int {
	d := r.digit()
	if d < wide {
		return d
	}
	return wide + r.next()
}

func (r *numbers) signed() int {
	n := r.next()
	if n&1 != 0 {
		return -(n + 1) / 2
	}
	return n / 2
}

// appendString appends a JSON string, with as few escapes as there can be: it
// may also be read as JavaScript, in a file of its own.
func appendString(out []byte, s string) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
			i++
		case c < ' ' || c == 0x7f:
			out = append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			i++
		case c < utf8.RuneSelf:
			out = append(out, c)
			i++
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			switch {
			case r == utf8.RuneError && size == 1:
				out = append(out, "\ufffd"...)
			case r == '\u2028' || r == '\u2029': // a line's end to JavaScript before 2019
				out = append(out, `\u202`...)
				out = append(out, hex[r&15])
			default:
				out = append(out, s[i:i+size]...)
			}
			i += size
		}
	}
	return append(out, '"')
}

func appendStrings(out []byte, all ...string) []byte {
	out = append(out, '[')
	for i, s := range all {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendString(out, s)
	}
	return append(out, ']')
}
