package records

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// nameSuffix ends the standard name of a record; the ID is what stands before.
const nameSuffix = "-deployment.md"

var standardName = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}-\d{2}-\d{2}(-([2-9]|[1-9]\d+))?-deployment\.md$`)

// FileName is the standard name of the n-th record that starts in the minute
// of t, on t's own clock: "2024-08-31-14-30-deployment.md" for n = 1,
// "2024-08-31-14-30-2-deployment.md" for n = 2.
func FileName(t time.Time, n int) string {
	stem := t.Format("2006-01-02-15-04")
	if n > 1 {
		stem += fmt.Sprintf("-%d", n)
	}
	return stem + nameSuffix
}

// ParseName reads the name of a record's file, without folder: "-deployment.md"
// or ".md" off gives the ID, the leading date the start, as a wall clock time
// that is said to be UTC. The start is zero where the name holds an impossible
// date. ok is false for a name that is not a record's.
func ParseName(name string) (id string, started Moment, ok bool) {
	if !IsName(name) {
		return "", Moment{}, false
	}
	id = strings.TrimSuffix(name, ".md")
	date, rest := id[:len(time.DateOnly)], id[len(time.DateOnly):]
	hour, minute := "", ""
	if len(rest) >= len("-14-30") && isDigits(rest[1:3]) && rest[3] == '-' && isDigits(rest[4:6]) && (len(rest) == 6 || rest[6] == '-') {
		hour, minute = rest[1:3], rest[4:6]
	}
	return strings.TrimSuffix(id, strings.TrimSuffix(nameSuffix, ".md")), nameMoment(date, hour, minute), true
}

// IsName tells whether a file's name, without folder, is that of a record: a
// date, and then letters, digits, "-" and "_" up to ".md". A long history has
// ten thousand of them to tell, which is why this is no regular expression.
func IsName(name string) bool {
	stem, ok := strings.CutSuffix(name, ".md")
	if !ok || len(stem) < len(time.DateOnly) {
		return false
	}
	date, rest := stem[:len(time.DateOnly)], stem[len(time.DateOnly):]
	if !isDigits(date[:4]) || date[4] != '-' || !isDigits(date[5:7]) || date[7] != '-' || !isDigits(date[8:]) {
		return false
	}
	return rest == "" || rest[0] == '-' && strings.IndexFunc(rest, func(r rune) bool {
		return r != '-' && r != '_' && (r >= utf8.RuneSelf || !isASCIIWord(byte(r)))
	}) < 0
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func nameMoment(date, hour, minute string) Moment {
	if t, err := time.Parse("2006-01-02 15:04", date+" "+hour+":"+minute); err == nil {
		return Moment{Time: t, From: FromFileName, Local: true}
	}
	if t, err := time.Parse(time.DateOnly, date); err == nil && hour == "" {
		return Moment{Time: t, From: FromFileName, DateOnly: true, Local: true}
	}
	return Moment{}
}

// onClock is the moment at which a clock in loc shows what t shows.
func onClock(t time.Time, loc *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), loc)
}

// nameProblem tells what is odd about the name of a record, or gives the zero
// Problem.
func nameProblem(file, name string, started Moment) Problem {
	p := Problem{File: file, Severity: Warning}
	switch {
	case started.IsZero():
		p.Message = fmt.Sprintf("the name %s holds an impossible date", name)
		p.Hint = "rename it to the time of the deployment, such as " + FileName(time.Date(2024, 8, 31, 14, 30, 0, 0, time.UTC), 1)
	case standardName.MatchString(name):
		return Problem{}
	case started.DateOnly:
		p.Message = fmt.Sprintf("the name %s is not of the form YYYY-MM-DD-HH-MM-deployment.md", name)
		p.Hint = fmt.Sprintf("rename it to %s-HH-MM%s, HH-MM being the hour and minute of the start", started.Time.Format(time.DateOnly), nameSuffix)
	default:
		p.Message = fmt.Sprintf("the name %s is not of the form YYYY-MM-DD-HH-MM-deployment.md", name)
		p.Hint = "rename it to " + FileName(started.Time, 1)
	}
	return p
}
