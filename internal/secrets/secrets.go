// Package secrets finds tokens, passwords and private keys in what people paste, and
// puts a mark in their places.
//
//	found := secrets.Finder{}.Find(source)
//	for _, s := range found {
//		fmt.Printf("%d:%d: %s\n", s.Line, s.Column, s.Rule)
//	}
//	shown := secrets.Mask(source, found)
//
// The shapes of tokens are the rules of gitleaks. What has no shape is known by the
// word before it, "password:", or by the command that takes it, "mysql -p…".
package secrets

import (
	"bytes"
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/text"
)

// Secret is the place of one secret in a text.
type Secret struct {
	Rule string // the name of its kind: "github-pat"
	text.Span
	Line, Column int    // from 1
	Fingerprint  string // for the list of those that are allowed
}

// A Finder finds secrets but for those that somebody has allowed.
type Finder struct {
	Allow []string // fingerprints
}

// Find finds the secrets in a text, in their order. The spans do not overlap. Those
// that a comment "secret-ok" allows are left out, see [allowance].
//
// The time that it takes is proportional to the length of the text.
func (f Finder) Find(source []byte) []Secret {
	found := f.notAllowed(source, find(source))
	if again := repeats(source, found); len(again) > 0 {
		found = f.notAllowed(source, join(append(found, again...)))
	}
	return found
}

// notAllowed are the secrets that nobody has allowed, with their places.
func (f Finder) notAllowed(source []byte, found []Secret) []Secret {
	if len(found) == 0 {
		return nil
	}
	locate(source, found)
	sign(source, found)
	allowed := allowance{source: source}
	return slices.DeleteFunc(found, func(s Secret) bool {
		return slices.Contains(f.Allow, s.Fingerprint) || allowed.allows(s)
	})
}

// find looks at a text as it is written, and as it is shown.
func find(source []byte) []Secret {
	return join(append(scanned(source), findShown(source)...))
}

// scanned collects what each way of looking finds.
func scanned(source []byte) []Secret {
	s := scan{source: source, credit: patience + len(source)}
	s.look()
	return s.found
}

// A scan is one look through a text.
type scan struct {
	source []byte
	found  []Secret
	seen   map[*issuer]int // how far each rule has looked
	credit int             // bytes that expressions may still read

	run     text.Span // of the value without quotes that was looked at last
	lastKey int       // where the key ends that was looked at last
	cookies int       // where the line of cookies ends that was looked at last
	kinds   int       // where the manifest ends that was looked at last
	tables  int       // where the table ends that was looked at last
	nearEnd int       // where the words end that were looked at for a hint

	loweredAt      int // the offset behind the one of loweredCommand
	loweredCommand string
}

func (s *scan) add(rule string, start, end int) {
	s.found = append(s.found, Secret{Rule: rule, Span: text.Span{Start: start, End: end}})
}

// many reports whether a text has so many secrets that it is none that people read.
// Then what may be one is taken for one, which is faster.
func (s *scan) many() bool { return len(s.found) > 5000 }

// locate gives the secrets their lines and columns. They are in order, so each place
// follows from the last one.
func locate(source []byte, found []Secret) {
	line, column, at := 1, 1, 0
	if bytes.HasPrefix(source, text.ByteOrderMark) {
		at = len(text.ByteOrderMark)
	}
	for i := range found {
		between := source[at:max(at, found[i].Start)]
		if last := bytes.LastIndexByte(between, '\n'); last >= 0 {
			line, column = line+bytes.Count(between, []byte("\n")), 1
			between = between[last+1:]
		}
		column += utf8.RuneCount(between)
		found[i].Line, found[i].Column, at = line, column, found[i].Start
	}
}

// saysMore reports whether a rule tells more of a secret than another one: most does the
// shape of an issuer, least a word before it.
func saysMore(a, b string) bool { return rank(a) > rank(b) }

// issued is the rank of rules for the tokens of an issuer.
const issued = 2

func rank(rule string) int {
	switch {
	case rule == "likely-secret":
		return -1
	case rule == token.rule() || rule == password.rule():
		return 0
	case ownRules[rule]:
		return 1
	}
	return issued
}

// join puts secrets in order. Of those that overlap it makes one, which has the rule
// that says most.
func join(found []Secret) []Secret {
	slices.SortStableFunc(found, func(a, b Secret) int { return cmp.Or(a.Start-b.Start, b.End-a.End) })
	joined := found[:0]
	for _, s := range found {
		last := len(joined) - 1
		if last < 0 || s.Start >= joined[last].End {
			joined = append(joined, s)
			continue
		}
		if saysMore(s.Rule, joined[last].Rule) {
			joined[last].Rule = s.Rule
		}
		joined[last].End = max(joined[last].End, s.End)
	}
	return joined
}
