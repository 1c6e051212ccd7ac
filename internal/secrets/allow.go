package secrets

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// context is how much of a line, on both sides of a secret, its fingerprint is made of.
const context = 80

// sign gives each secret its fingerprint. It is made of the rule and of the line around
// the secret. Of the secret itself it tells eight bits, so that nobody can find out a
// password by guessing.
func sign(source []byte, found []Secret) {
	for i, s := range found {
		from, to := max(s.Start-context, 0), min(s.End+context, len(source))
		if i > 0 {
			from = max(from, found[i-1].End)
		}
		if i+1 < len(found) {
			to = min(to, found[i+1].Start)
		}
		before, after := source[from:s.Start], source[s.End:to]
		before = before[bytes.LastIndexByte(before, '\n')+1:]
		after, _, _ = bytes.Cut(after, []byte("\n"))
		bits := sha256.Sum256(source[s.Start:s.End])
		sum := sha256.Sum256(slices.Concat([]byte(s.Rule), []byte{0}, before, []byte{0}, bytes.TrimSpace(after), bits[:1]))
		found[i].Fingerprint = hex.EncodeToString(sum[:6]) + ":" + s.Rule
	}
}

var fingerprint = text.Pattern(`^[0-9a-f]{12}:[a-z0-9-]+$`)

// IsFingerprint reports whether a text has the form of a fingerprint.
func IsFingerprint(s string) bool { return fingerprint().MatchString(s) }

var okComment = text.Pattern(`<!--\s*secret-ok:\s*([\w-]+(?:[,\s]+[\w-]+)*)\s*-->`)

// An allowance is what the comments in a text allow. A comment behind a text holds in its
// line: the next may be another item of a list, with a secret that is one. A comment that is
// alone in its line holds in the next, and before a code block for the whole block.
type allowance struct {
	source []byte
	lines  map[int]string // line → the rules that it allows; nil until it is asked
}

func (a *allowance) allows(s Secret) bool {
	if a.lines == nil {
		a.lines = map[int]string{}
		if okComment().Match(a.source) {
			a.read()
		}
	}
	rules := strings.FieldsFunc(a.lines[s.Line], func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	return slices.Contains(rules, s.Rule)
}

func (a *allowance) read() {
	number, fence, next, block := 0, "", "", ""
	for line := range bytes.Lines(a.source) {
		number++
		mark := fenceOf(line)
		switch {
		case fence == "" && mark != "":
			fence, block = mark, next
		case fence != "" && strings.HasPrefix(mark, fence):
			fence, block = "", ""
		}
		own := ""
		if m := okComment().FindSubmatch(line); m != nil {
			own = string(m[1])
		}
		if all := strings.Join([]string{own, next, block}, " "); all != "  " {
			a.lines[number] = all
		}
		next = ""
		if own != "" && len(bytes.Trim(okComment().ReplaceAll(line, nil), "> \t\r\n")) == 0 {
			next = own
		}
	}
}

// fenceOf is the marks that open or close a code block.
func fenceOf(line []byte) string {
	line = bytes.TrimLeft(line, " \t>")
	for _, c := range "`~" {
		if n := len(line) - len(bytes.TrimLeft(line, string(c))); n >= 3 {
			return string(line[:n])
		}
	}
	return ""
}
