package records

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/text"
)

// NameSuffix is the end of a record's standard name. The ID is what comes before.
const NameSuffix = "-deployment.md"

// FileName is the standard name of the n-th record that starts in the minute of t,
// in t's time zone: "2024-08-31-14-30-deployment.md" for n = 1,
// "2024-08-31-14-30-2-deployment.md" for n = 2.
func FileName(t time.Time, n int) string {
	stem := t.Format("2006-01-02-15-04")
	if n > 1 {
		stem += fmt.Sprintf("-%d", n)
	}
	return stem + NameSuffix
}

func parseName(name string) (id string, date nameDate, ok bool) {
	stem, ok := CutMarkdown(name)
	if !ok {
		return "", nameDate{}, false
	}
	if isPlainName(stem) {
		return strings.TrimSuffix(stem, "-deployment"), plainDate(stem), true
	}
	if !isVisibleName(stem) {
		return "", nameDate{}, false
	}
	date, doubt := findDate(stem)
	return idOfStem(strings.TrimSuffix(stem, "-deployment")), date, doubt == ""
}

// CutMarkdown cuts the extension of a Markdown file off its name. ok is false where it
// is no Markdown file.
func CutMarkdown(name string) (stem string, ok bool) {
	ext := path.Ext(name)
	switch strings.ToLower(ext) {
	case ".md", ".markdown", ".mdown", ".mkd":
		return strings.TrimSuffix(name, ext), true
	}
	return name, false
}

// IsMarkdown reports whether a file's name is that of a Markdown file.
func IsMarkdown(name string) bool {
	_, ok := CutMarkdown(name)
	return ok
}

// IsName reports whether a file's name, without folder, is that of a record.
func IsName(name string) bool {
	_, _, ok := parseName(name)
	return ok
}

// IsOtherMarkup reports whether a file has the name of a record, but for its ending, which
// is that of a text in another markup: "2024-08-31.rst", "2024-08-31.html.md.erb".
func IsOtherMarkup(name string) bool {
	ext := path.Ext(name)
	switch strings.ToLower(ext) {
	case ".adoc", ".asciidoc", ".rst", ".org", ".mdx", ".qmd", ".rmd", ".erb":
		return IsName(strings.TrimSuffix(name, ext) + ".md")
	}
	return false
}

// isPlainName reports whether a name is a date and then letters, digits, "-" and "_".
// It is the first form that was read, and its IDs must never change. It is not a
// regular expression because a long history has ten thousand names.
func isPlainName(stem string) bool {
	if len(stem) < len(time.DateOnly) {
		return false
	}
	date, rest := stem[:len(time.DateOnly)], stem[len(time.DateOnly):]
	if !isDigits(date[:4]) || date[4] != '-' || !isDigits(date[5:7]) || date[7] != '-' || !isDigits(date[8:]) {
		return false
	}
	return rest == "" || rest[0] == '-' && isIDText(rest, "-_")
}

// isIDText reports whether a text has only ASCII letters and digits, and the listed
// others.
func isIDText(content, others string) bool {
	return strings.IndexFunc(content, func(r rune) bool {
		return r >= utf8.RuneSelf || !text.IsASCIIWord(byte(r)) && !strings.ContainsRune(others, r)
	}) < 0
}

// plainDate reads the date of a plain name, and the hour where it has one.
func plainDate(stem string) nameDate {
	d := nameDate{year: number(stem[:4]), month: number(stem[5:7]), day: number(stem[8:10])}
	rest := stem[len(time.DateOnly):]
	if len(rest) >= len("-14-30") && isDigits(rest[1:3]) && rest[3] == '-' && isDigits(rest[4:6]) && (len(rest) == 6 || rest[6] == '-') {
		d.clock, d.hour, d.minute = true, number(rest[1:3]), number(rest[4:6])
	}
	return d
}

// maxPlainID is the length in bytes up to which an ID need not be a slug.
const maxPlainID = 200

// idOfStem is the name with "-" for points, if that is allowed in an address and as
// the name of a folder on any system. Otherwise it is a slug.
func idOfStem(stem string) string {
	if len(stem) <= maxPlainID && isIDText(stem, "-_.") {
		return strings.ReplaceAll(stem, ".", "-")
	}
	return slugOfAll(stem)
}

// ParsePath reads the path of a record's file below the records' folder, such as
// "2024/2024-08-31-14-30-deployment.md". The ID is the name without "-deployment.md"
// or ".md". The start is the date in the name; it has the zone UTC, whatever the
// deployer's zone was. The start is zero if a name of the standard form has an
// impossible date. ok is false if the name is not a record's.
//
// Teams date their files in many ways. A date is read anywhere in the name and in any
// form, if it can only mean one day; see names_date.go. Points become "-" in the ID.
// If other characters are not allowed in an address, the ID is a slug.
//
// Folders that only name a time, such as "2024" and "archive", do not change the ID:
// old records can be moved there without breaking a link. Any other folder comes before
// the ID, with a point, which the ID of a name never has: "checkout/2024-08-31.md" is
// "checkout.2024-08-31".
func ParsePath(below string) (id string, started Moment, ok bool) {
	id, date, ok := parsePath(below)
	if !ok {
		return "", Moment{}, false
	}
	return id, date.moment(), true
}

// PathOrder is [ParsePath] for sorting. Instead of the start it returns a number that
// grows with the date in the name, even if that date is impossible.
func PathOrder(below string) (id string, order int64, ok bool) {
	id, date, ok := parsePath(below)
	return id, date.order(), ok
}

func parsePath(below string) (id string, date nameDate, ok bool) {
	folder, name := path.Split(below)
	id, date, ok = parseName(name)
	if folder != "" && ok {
		id = folderID(folder) + id
	}
	if first, rest, dotted := strings.Cut(id, "."); dotted && text.IsDevice(id) {
		id = first + "-." + rest // Windows has no folder "aux.2024-08-31" for its page
	}
	return id, date, ok
}

// below is the path of a file below the records' folder, or its name if it is
// elsewhere.
func below(dir, file string) string {
	if rest, ok := strings.CutPrefix(file, dir+"/"); ok && dir != "" {
		return rest
	}
	return path.Base(file)
}

// templateName is the name of a file that records are made from, without its extension:
// one that ends in such a word, or holds a form's date.
var templateName = text.Pattern(`(?i)(?:(?:^|\PL)(?:templates?|modèle|plantilla|modelo|modello|sjabloon|szablon|шаблон)|vorlage|テンプレート|ひな形|雛形|模板|模版|範本|范本|템플릿)` +
	`(?:[-_. ](?:deployments?|deploy|releases?|checklists?|records?|incidents?|post-?mortems?))?$|(?:^|[^a-z])yyyy[-_.]?(?:mm|nn)`)

// IsTemplateName reports whether a file among the records is one that they are made from,
// by its name: that says so, and holds no day.
func IsTemplateName(name string) bool {
	stem, ok := CutMarkdown(name)
	if !ok || !templateName().MatchString(stem) {
		return false
	}
	_, started, dated := ParsePath(name)
	return !dated || started.IsZero()
}

// CompareIDs says which of two IDs comes first: of a day's numbers, 2 before 10.
func CompareIDs(a, b string) int {
	isDigit := func(c byte) bool { return '0' <= c && c <= '9' }
	number := func(s string) string { return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))] }
	x, y := a, b
	for x != "" && y != "" {
		if !isDigit(x[0]) || !isDigit(y[0]) {
			if x[0] != y[0] {
				return cmp.Compare(x[0], y[0])
			}
			x, y = x[1:], y[1:]
			continue
		}
		n, m := number(x), number(y)
		u, v := strings.TrimLeft(n, "0"), strings.TrimLeft(m, "0")
		if c := cmp.Or(cmp.Compare(len(u), len(v)), cmp.Compare(u, v)); c != 0 {
			return c
		}
		x, y = x[len(n):], y[len(m):]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(a, b))
}

// Target is the target of a Markdown link to the record, from the records' folder. If
// note is not "", the link leads to the note with that ID.
func (r *Record) Target(note string) string {
	target := strings.NewReplacer("(", "%28", ")", "%29").Replace((&url.URL{Path: r.Name}).EscapedPath())
	if note != "" {
		target += "#" + note
	}
	return target
}

func folderID(folder string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(strings.Trim(folder, "/"), "/") {
		if !saysOnlyWhen(part) {
			b.WriteString(idOfStem(part) + ".")
		}
	}
	return b.String()
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// number is the value of a few digits.
func number(digits string) (n int) {
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

// onClock is the moment with t's date and clock time in the zone loc.
func onClock(t time.Time, loc *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), loc)
}

// IsStandardName reports whether a name is one that [FileName] returns.
func IsStandardName(name string) bool {
	stem, ok := strings.CutSuffix(name, NameSuffix)
	return ok && isPlainName(stem) && plainDate(stem).clock && isDigits(strings.ReplaceAll(stem, "-", ""))
}
