package text

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Visible makes those characters visible that would steer a terminal or reorder a
// line: ESC becomes "[U+001B]". Line feeds and tabs stay.
func Visible(s string) string {
	if strings.IndexFunc(s, Steers) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\ufffd") {
			fmt.Fprintf(&b, "[0x%02X]", s[i]) // a byte alone can steer a terminal too
		} else if Steers(r) {
			fmt.Fprintf(&b, "[U+%04X]", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// OrNull makes JSON's null of "", which is unknown.
func OrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// SafeJSON escapes those characters in JSON that [Visible] makes visible. In JSON
// they only occur in strings, where an escape means the same.
func SafeJSON(data []byte) []byte {
	text := string(data)
	if Visible(text) == text {
		return data
	}
	var b bytes.Buffer
	for _, r := range text {
		if r > 0x7e && Steers(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.Bytes()
}

func Steers(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x20, r >= 0x7f && r < 0xa0: // C0, DEL, C1
		return true
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // bidirectional overrides and isolates
		return true
	}
	return false
}
