package search

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/text"
)

// Print writes results for people, with marks where the terminal can show them.
// files has the file of each record by its ID.
func Print(w io.Writer, results []Result, mark bool, files map[string]string) error {
	p := printer{mark: mark, files: files}
	for i, r := range results {
		if i > 0 {
			p.WriteByte('\n')
		}
		p.result(r)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

type printer struct {
	strings.Builder
	mark  bool
	files map[string]string
}

func (p *printer) result(r Result) {
	facts := []string{p.bold(text.Visible(r.Title))}
	for _, f := range append([]string{r.Status, day(r.Date)}, r.Of(facet.Deployer)...) {
		if f != "" {
			facts = append(facts, text.Visible(f))
		}
	}
	where := r.URL
	if r.ID != "" {
		where = cmp.Or(p.files[r.ID], r.ID)
	}
	fmt.Fprintf(p, "%s\n%s\n", strings.Join(facts, " · "), text.Visible(where))
	label := string(r.Kind)
	switch {
	case r.Likeness > 0:
		label = fmt.Sprintf("%.0f %% alike", r.Likeness*100)
	case r.Kind == KindRecord:
		label = ""
	}
	p.labelled(label, r.Excerpt)
	if r.Resolution != nil && *r.Resolution != "" {
		p.labelled("helped", Excerpt{{Text: *r.Resolution}})
	}
	for _, n := range r.Notes {
		p.labelled(string(n.Kind), n.Excerpt)
	}
}

// labelled writes an excerpt behind a word that says what it is.
func (p *printer) labelled(label string, parts Excerpt) {
	if len(parts) == 0 {
		return
	}
	if label != "" {
		label = fmt.Sprintf("%-7s ", label+":") // as long as "lesson:"
	}
	p.WriteString("  " + label)
	for _, part := range parts {
		line := text.Visible(strings.Join(strings.FieldsFunc(part.Text, func(r rune) bool { return r == '\n' || r == '\r' }), " "))
		if part.Mark {
			line = p.bold(line)
		}
		p.WriteString(line)
	}
	p.WriteByte('\n')
}

func (p *printer) bold(s string) string {
	if !p.mark {
		return s
	}
	return "\x1b[1m" + s + "\x1b[0m"
}

// day is the day of an RFC 3339 time.
func day(date string) string { return date[:min(len(date), len("2006-01-02"))] }
