package search

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/text"
)

// Found is a result for programs, as JSON, and for people, by [Print].
type Found struct {
	ID         string   `json:"id"` // of the record; empty for pages
	Kind       Kind     `json:"kind"`
	Title      string   `json:"title"`
	URL        string   `json:"url"`
	Score      int      `json:"score"`
	Excerpt    string   `json:"excerpt"`
	Likeness   *float64 `json:"likeness,omitempty"`   // with --error: 0 to 1
	Resolution *string  `json:"resolution,omitempty"` // with --error: what helped, empty where unknown

	Result `json:"-"`
}

// NewFound is a result without what only an error has.
func NewFound(r Result) Found {
	excerpt := r.Excerpt
	if len(excerpt) == 0 && len(r.Notes) > 0 {
		excerpt = r.Notes[0].Excerpt
	}
	return Found{ID: r.ID, Kind: r.Kind, Title: r.Title, URL: r.URL, Score: r.Score, Excerpt: PlainText(excerpt), Result: r}
}

// Print writes results for people, with marks where the terminal can show them.
// files has the file of each record by its ID.
func Print(w io.Writer, results []Found, mark bool, files map[string]string) error {
	p := &resultPrinter{w: w, mark: mark, files: files}
	for i, r := range results {
		if i > 0 {
			p.line("")
		}
		p.result(r)
	}
	return p.err
}

type resultPrinter struct {
	w     io.Writer
	mark  bool
	err   error
	files map[string]string
}

func (p *resultPrinter) line(s string) {
	if p.err == nil {
		_, p.err = fmt.Fprintln(p.w, s)
	}
}

func (p *resultPrinter) result(r Found) {
	facts := []string{p.bold(text.Visible(r.Title))}
	for _, f := range append([]string{r.Status, day(r.Date)}, r.Of(facet.Deployer)...) {
		if f != "" {
			facts = append(facts, text.Visible(f))
		}
	}
	p.line(strings.Join(facts, " · "))
	where := r.URL
	if r.ID != "" {
		where = cmp.Or(p.files[r.ID], r.ID)
	}
	p.line(text.Visible(where))
	if r.Likeness != nil {
		p.labelled(fmt.Sprintf("%.0f %% alike", *r.Likeness*100), r.Result.Excerpt)
		if *r.Resolution != "" {
			p.labelled("helped", []Part{{Text: *r.Resolution}})
		}
		return
	}
	label := string(r.Kind)
	if r.Kind == KindRecord {
		label = ""
	}
	p.labelled(label, r.Result.Excerpt)
	for _, n := range r.Notes {
		p.labelled(string(n.Kind), n.Excerpt)
	}
}

// labelled writes an excerpt behind a word that says what it is.
func (p *resultPrinter) labelled(label string, parts []Part) {
	if len(parts) == 0 {
		return
	}
	var b strings.Builder
	for _, part := range parts {
		line := strings.Join(strings.FieldsFunc(part.Text, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
		line = text.Visible(line)
		if part.Mark {
			line = p.bold(line)
		}
		b.WriteString(line)
	}
	if label != "" {
		label = fmt.Sprintf("%-7s ", label+":") // as long as "lesson:"
	}
	p.line("  " + label + b.String())
}

func (p *resultPrinter) bold(s string) string {
	if !p.mark {
		return s
	}
	return "\x1b[1m" + s + "\x1b[0m"
}

// day is the day of an RFC 3339 time.
func day(date string) string { return date[:min(len(date), len("2006-01-02"))] }
