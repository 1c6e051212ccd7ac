package main

import (
	"regexp"
	"strings"
)

// secretShapes are what tokens look like whose makers gave them a shape of their
// own, so that they are known when they lie somewhere. Passwords have none: what
// stands before them makes them likely, not sure.
var secretShapes = []struct {
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

// secret is where something lies that looks like one.
type secret struct {
	line int // from 1
	what string
	sure bool
}

// findSecrets finds what looks like a secret, at most one a line.
func findSecrets(text string) (found []secret) {
	for i, line := range strings.Split(text, "\n") {
		for _, s := range secretShapes {
			if s.shape.MatchString(line) {
				found = append(found, secret{i + 1, s.name, s.sure})
				break
			}
		}
	}
	return found
}

// warnOfSecrets warns of what was just written into the record.
func (j *job) warnOfSecrets(texts ...string) {
	for _, text := range texts {
		for _, s := range findSecrets(text) {
			j.env.tell("Careful: what you wrote holds what looks like %s. Take it out of %s before it is committed; git does not forget.", s.what, j.path())
		}
	}
}
