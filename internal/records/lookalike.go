package records

import (
	"fmt"
	"unicode"

	"github.com/deploysite/deploysite/internal/problem"
)

// checkNames warns of names that look like another name but differ from it. Both
// would be listed, and nobody could see why.
func (p *parse) checkNames() {
	names := append(append(append([]Text{p.r.Environment}, p.r.Deployers...), p.r.Services...), p.r.Tags...)
	for _, n := range names {
		if why := disguise(n.Value); why != "" {
			p.r.report(n.Span.Start, problem.LookAlike, "write the name again, on a keyboard of one script", "the name %q %s", n.Value, why)
		}
	}
}

// disguise says what is invisible in a name, or "". In a word with two scripts one
// letter may be disguised as another (mixed-script confusables, Unicode Technical
// Standard 39). Names in one script are fine, whichever it is.
func disguise(name string) string {
	var script string
	var before rune
	for _, r := range name {
		switch {
		case invisible(r, before):
			return fmt.Sprintf("holds a character that cannot be seen, U+%04X", r)
		case !unicode.IsLetter(r) && !unicode.IsMark(r):
			script = ""
		default:
			now := alikeScript(r)
			if now != "" && script != "" && now != script {
				return fmt.Sprintf("mixes %s and %s letters in one word: %q", script, now, r)
			}
			if now != "" {
				script = now
			}
		}
		before = r
	}
	return ""
}

// invisible reports whether a character has no shape. Joiners shape emoji and the
// letters of some scripts; between Latin letters they are invisible.
func invisible(r, before rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200e', '\u200f', '\u2060', '\ufeff':
		return true
	case '\u200c', '\u200d':
		return unicode.Is(unicode.Latin, before)
	}
	return false
}

// alikeScript names the scripts that share shapes with each other.
func alikeScript(r rune) string {
	for _, script := range []string{"Latin", "Cyrillic", "Greek"} {
		if unicode.Is(unicode.Scripts[script], r) {
			return script
		}
	}
	return ""
}
