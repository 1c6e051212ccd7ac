// Package secrets knows what tokens and passwords look like, for the moment they
// are pasted, imported or committed. It is a short list, not a scanner.
//
//	for _, s := range secrets.Find(text) {
//		fmt.Printf("line %d holds what looks like %s\n", s.Line, s.What)
//	}
package secrets

import (
	"regexp"
	"strings"
)

// shapes are what tokens look like whose makers gave them a shape of their
// own, so that they are known when they lie somewhere. Passwords have none: what
// stands before them makes them likely, not sure.
var shapes = []struct {
	name  string
	sure  bool
	shape *regexp.Regexp
}{
	{"a private key", true, regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----`)},
	{"an AWS access key", true, regexp.MustCompile(`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`)},
	{"a GitHub token", true, regexp.MustCompile(`\b(?:gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{50,})`)},
	{"a GitLab token", true, regexp.MustCompile(`\bgl(?:pat|dt|rt|cbt)-[0-9A-Za-z_-]{20,}`)},
	{"a Slack token", true, regexp.MustCompile(`\bxox[abeoprs]-[0-9A-Za-z-]{10,}`)},
	{"a Stripe key", true, regexp.MustCompile(`\b[rs]k_live_[0-9A-Za-z]{20,}`)},
	{"an npm token", true, regexp.MustCompile(`\bnpm_[0-9A-Za-z]{36}\b`)},
	{"a Google API key", true, regexp.MustCompile(`\bAIza[0-9A-Za-z_-]{35}\b`)},
	{"a JSON web token", true, regexp.MustCompile(`\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}`)},
	{"a password in an address", false, regexp.MustCompile(`\b[a-z][a-z0-9+.-]*://[^\s/:@]+:[^\s/:@$<{*]{3,}@`)},
	{"a password", false, regexp.MustCompile(`(?i)\b(?:password|passwd|secret|api[_-]?key|access[_-]?token)["']?\s*[=:]\s*["']?[^\s"'$<{*…]{8,}`)},
}

// Secret is where something lies that looks like one.
type Secret struct {
	Line   int    // from 1
	Offset int    // in bytes from the text's begin
	What   string // "a GitHub token"
	Sure   bool   // its shape is that of nothing else
}

// Find finds what looks like a secret, at most one a line.
func Find(text string) (found []Secret) {
	line, start := 0, 0
	for one := range strings.SplitSeq(text, "\n") {
		line++
		for _, s := range shapes {
			if at := s.shape.FindStringIndex(one); at != nil {
				found = append(found, Secret{Line: line, Offset: start + at[0], What: s.name, Sure: s.sure})
				break
			}
		}
		start += len(one) + 1
	}
	return found
}
