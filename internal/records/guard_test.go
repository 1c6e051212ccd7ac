package records

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// A bomb is an extension of the Markdown library with a bug: "$bomb$" makes a node that
// panics when somebody looks into it, once the text was parsed.
func init() {
	markdown.AddOptions(parser.WithInlineParsers(util.Prioritized(bombs{}, 1)))
}

const bombText = "$bomb$"

type bombs struct{}

func (bombs) Trigger() []byte { return []byte(bombText[:1]) }

func (bombs) Parse(_ ast.Node, block gtext.Reader, _ parser.Context) ast.Node {
	if line, _ := block.PeekLine(); !strings.HasPrefix(string(line), bombText) {
		return nil
	}
	block.Advance(len(bombText))
	return &bomb{}
}

type bomb struct {
	ast.BaseInline
	looked int
}

var kindBomb = ast.NewNodeKind("Bomb")

func (*bomb) Kind() ast.NodeKind { return kindBomb }
func (*bomb) Dump([]byte, int)   {}

// FirstChild panics. The parser itself looks for children twice when it walks a tree.
func (b *bomb) FirstChild() ast.Node {
	if b.looked++; b.looked > 2 {
		panic("boom")
	}
	return nil
}

// Whatever panics on a record's text: the record is read as source, with what its
// front matter and its name say, and a problem.
func TestPanicStaysWithItsRecord(t *testing.T) {
	const front = "---\nstatus: failed\nservice: shop\n---\n\n"
	for name, body := range map[string]string{
		"a step": "- [x] a " + bombText + "\n", "a heading": "# a " + bombText + "\n", "a note": "## Lessons learned\n\n- a " + bombText + "\n",
		"a table": "| [x] | a |\n|-|-|\n| [ ] | b " + bombText + " |\n", "a fact": "**Version:** 1 " + bombText + "\n",
		"a metric": "## Metrics\n\n- Time: 4 " + bombText + " min\n", "an issue": "## Issues\n\n### a " + bombText + "\n\n- **Cause:** b " + bombText + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			r := Parse("deployments/2024-08-31-14-30-deployment.md", []byte(front+body), Options{Dir: "deployments"})
			if r.Document.Root == nil && !hasRule(r, problem.ReadingFailed) {
				t.Errorf("the problems are %v", r.Problems)
			}
			if r.ID != "2024-08-31-14-30" || r.Status != Failed || len(r.Services) != 1 || r.Started.IsZero() || string(r.Source) != front+body {
				t.Errorf("the record is %+v", r)
			}
			said := ""
			lines := LinesOf(r, text.Span{})
			lines.Begin, lines.Add = func(*Note, *Step) {}, func(line []byte) { said += string(line) + "\n" }
			lines.All() // does not panic
			if r.Document.Root == nil && !strings.Contains(said, bombText) {
				t.Errorf("what is searched is %q", said)
			}
			ParseTemplate("checklist.md", []byte(front+body), Options{})
			if d := ParseDocument("doc.md", []byte(front+body)); d.Document.Root == nil && !hasRule(d, problem.ReadingFailed) {
				t.Errorf("the document's problems are %v", d.Problems)
			}
		})
	}
}

// The test above must not pass because nothing panics.
func TestPanicIsTold(t *testing.T) {
	r := Parse("2024-08-31-14-30-deployment.md", []byte("# a "+bombText+" b\n\n- [x] c "+bombText+" d "+bombText+"\n"), Options{})
	if r.Document.Root != nil || !hasRule(r, problem.ReadingFailed) || len(r.Steps) > 0 {
		t.Errorf("the record is %+v", r)
	}
	for _, p := range r.Problems {
		if p.Rule == problem.ReadingFailed && !strings.Contains(p.Message, "boom") {
			t.Error(p)
		}
	}
}

func hasRule(r *Record, rule problem.Rule) bool {
	for _, p := range r.Problems {
		if p.Rule == rule {
			return true
		}
	}
	return false
}
