package work

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/recall/files"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// Like finds the other records that had the like of an error.
func (j *Job) Like(ctx context.Context, text string) ([]files.Seen, error) {
	return files.Find(ctx, j.Folder(), checklistOf(j.Project), recall.Of(text), j.Record.ID, j.Project.SecretFinder())
}

// Heading says of another record when it began, what it is and how it ended.
func (j *Job) Heading(r *records.Record) string {
	return cmp.Or(r.Started.Words(), "an unknown day") + "  " + r.Title.Value + ", " + insights.StateWords(r, j.Env.Now()) + j.ByWhom(r)
}

// PathOf is where another record is, as seen from the folder that the command was
// called in.
func (j *Job) PathOf(r *records.Record) string { return cli.Shown(j.Project.Path(r.File)) }

// SeenBefore is the line below an issue that leads to a record with the like of it.
func (j *Job) SeenBefore(r *records.Record) string {
	to, err := filepath.Rel(filepath.Dir(j.File.Path), j.Project.Path(r.File))
	if err != nil {
		to = path.Base(r.File)
	}
	return fmt.Sprintf("Seen before in [%s](%s)", linkText.Replace(text.Cut(r.Title.Value, 100)), filepath.ToSlash(to))
}

// linkText escapes what would end the text of a link, or mean something in it.
var linkText = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, "`", "\\`", `*`, `\*`, `_`, `\_`, `<`, `\<`, `&`, `\&`, `!`, `\!`)

// SeenJSON is an earlier record that had the like, and the place where it says so.
type SeenJSON struct {
	ID         string  `json:"id"`
	Path       string  `json:"path"`
	Title      string  `json:"title"`
	Note       string  `json:"note"` // the ID of a note, or of a step; "" where it is in neither
	Text       string  `json:"text"`
	Resolution *string `json:"resolution"`
	Score      float64 `json:"score"` // up to 1
}

// SeenAsJSON are records that had the like of an error.
func (j *Job) SeenAsJSON(found []files.Seen) []SeenJSON {
	list := make([]SeenJSON, len(found))
	for i, s := range found {
		list[i] = SeenJSON{s.Record.ID, j.PathOf(s.Record), s.Record.Title.Value, s.ID, s.What, text.OrNull(s.Remedy), float64(s.Likeness) / 1000}
	}
	return list
}
