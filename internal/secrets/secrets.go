// Package secrets finds what looks like a token or a password, to warn when one is
// pasted, imported or committed. It knows a short list of shapes and is no scanner.
//
//	for _, s := range secrets.Find(text) {
//		fmt.Printf("line %d holds what looks like %s\n", s.Line, s.What)
//	}
package secrets

import (
	"regexp"
	"strings"
)

// shapes are the forms of tokens. A token whose issuer gave it a form of its own is
// sure. A password has no form; the word before it only makes it likely.
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

// Secret is the place of something that looks like a secret.
type Secret struct {
	Line   int    // from 1
	Offset int    // in bytes from the beginning of the text
	What   string // "a GitHub token"
	Sure   bool   // nothing else has its form
}

// Find finds what looks like a secret, at most one in each line.
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
