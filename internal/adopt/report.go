package adopt

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/tty"
)

// Report is what an adoption found and did, for programs as JSON and for people
// by [Report.Print].
type Report struct {
	Root   string    `json:"root"` // absolute, slash-separated
	DryRun bool      `json:"dry_run"`
	Found  []Finding `json:"found"`
	Files  []File    `json:"files"`
	Left   []Finding `json:"left"`
	Next   []string  `json:"next"`
}

// Report says what came of the plan in the project's root.
func (p *Plan) Report(root string, dryRun bool) *Report {
	return &Report{
		Root: filepath.ToSlash(root), DryRun: dryRun, Next: p.Next(),
		Found: append([]Finding{}, p.Found...), Files: append([]File{}, p.Files...), Left: append([]Finding{}, p.Left...),
	}
}

// Print writes the report for people, who call the project's root as given. Names
// come from the repository, and so are made visible.
func (r *Report) Print(w io.Writer, root string) error {
	var b strings.Builder
	width := tty.Width(w)
	section := func(title string, lines []string) {
		if len(lines) == 0 {
			return
		}
		fmt.Fprintf(&b, "%s\n", title)
		for _, line := range lines {
			fit := tty.Fit
			if isCommand(line) {
				fit = tty.Command
			}
			b.WriteString(fit("  "+text.Visible(line), width) + "\n")
		}
	}
	wrote := "Wrote"
	if r.DryRun {
		wrote = "Would write"
	}
	b.WriteString("In " + text.Visible(root) + ":\n")
	section("Found", findingLines(r.Found))
	section(wrote, r.fileLines(Written, Planned))
	section("Could not write", r.fileLines(Blocked, Failed))
	section("Left", findingLines(r.Left))
	if len(r.Files) == 0 {
		b.WriteString("Nothing to write.\n")
	}
	section("Next", r.Next)
	_, err := io.WriteString(w, b.String())
	return err
}

// isCommand reports whether a line of what to do next is to be typed.
func isCommand(line string) bool {
	name, _, _ := strings.Cut(line, " ")
	return slices.Contains([]string{"git", "mise", "deploysite", "deploystart"}, name)
}

func findingLines(findings []Finding) (lines []string) {
	for _, f := range findings {
		lines = append(lines, text.Join(": ", f.Path, f.Text))
	}
	return lines
}

func (r *Report) fileLines(states ...State) (lines []string) {
	for _, state := range states {
		for _, f := range r.Files {
			if f.State == state {
				lines = append(lines, f.Path+": "+cmp.Or(f.Reason, f.Why))
			}
		}
	}
	return lines
}
