package search

import (
	"regexp"
	"strings"
)

var (
	numbered  = regexp.MustCompile(`^[0-9]+[.-][0-9]`)
	seriesEnd = regexp.MustCompile(`[0-9][.-][0-9]+$`)
	major     = regexp.MustCompile(`^v[0-9]+$`)
)

// series are the terms that go on where a version ends: "14.2" stands for
// 14.2.1.0 and 14.2-rc1 as well, but not for 14.20; "v2" for 2.0.1.
func (ix *Index) series(w queryWord) (out []fit, err error) {
	base := w.terms[0]
	isMajor := major.MatchString(base)
	if w.not || !isMajor && !seriesEnd.MatchString(base) {
		return nil, nil
	}
	if isMajor {
		base = base[1:]
	}
	all, err := ix.inRange(base, base)
	for _, f := range all {
		rest := f.term[len(base):]
		switch {
		case rest == "" || isMajor && !strings.HasPrefix(rest[digits(rest):], "."):
			continue
		case digits(rest) == 0:
			f.quality = fitsSeries
		case isMajor && w.open && len(base) > 1: // the terms that begin with "v" are other ones
			f.quality = fitsBeginsOne
		default:
			continue
		}
		out = append(out, f)
	}
	return out, err
}

func countDigits(s string) (n int) {
	for i := range len(s) {
		n += digits(s[i : i+1])
	}
	return n
}

// hasSign tells "c++", "c#" and ".net".
func hasSign(term string) bool {
	return strings.HasPrefix(term, ".") || strings.ContainsAny(term, "+#")
}
