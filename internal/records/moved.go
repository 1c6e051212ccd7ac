package records

import (
	"bytes"
	"net/url"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/text"
)

// Moved is a Markdown text with its relative links and pictures as they are written in
// another folder. back is the way from there to the text's own folder, such as
// "../../docs"; "" is the same folder. Raw HTML, and links that are not found as
// written, stay.
func Moved(source []byte, back string) []byte {
	if back == "" || back == "." {
		return source
	}
	m := mover{Record: Parse("text.md", source, Options{}), back: back}
	if m.Document.Root == nil {
		return source
	}
	_ = ast.Walk(m.Document.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering { // a picture in a link is before the link's own end
			switch n := n.(type) {
			case *ast.Link:
				m.move(n, n.Destination)
			case *ast.Image:
				m.move(n, n.Destination)
			}
		}
		return ast.WalkContinue, nil
	})
	moved, err := apply(source, apart(m.edits)...)
	if err != nil {
		return source
	}
	return moved
}

type mover struct {
	*Record
	back  string
	end   int // of the last address that stands in a line
	edits []Edit
}

func (m *mover) move(n ast.Node, written []byte) {
	file, _, _ := strings.Cut(string(written), "#")
	file, _, _ = strings.Cut(file, "?")
	if u, err := url.Parse(file); err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || path.IsAbs(u.Path) || strings.Contains(file, `\`) {
		return
	}
	to := path.Join((&url.URL{Path: m.back}).EscapedPath(), file)
	if strings.HasSuffix(file, "/") {
		to += "/"
	}
	for _, at := range m.places(n, written) {
		m.edits = append(m.edits, Edit{text.Span{Start: at, End: at + len(file)}, to})
	}
}

// places are where a link's address is written: behind its text, or else in the lines
// that define it for all who name them.
func (m *mover) places(n ast.Node, written []byte) (all []int) {
	if from := max(lastText(n), m.end); from > 0 {
		for _, open := range []string{"](", "](<"} {
			rest, _, _ := bytes.Cut(m.Source[from:], []byte("\n"))
			if i := bytes.Index(rest, append([]byte(open), written...)); i >= 0 {
				m.end = from + i + len(open) + len(written)
				return []int{from + i + len(open)}
			}
		}
	}
	for _, at := range definition().FindAllSubmatchIndex(m.Source, -1) {
		if bytes.Equal(m.Source[at[2]:at[3]], written) {
			all = append(all, at[2])
		}
	}
	return all
}

// definition matches the address of a link that others name: "[runbook]: runbook.md".
var definition = text.Pattern(`(?m)^ {0,3}\[[^\]\n]+\]:[ \t]*<?([^\s<>]+)`)

// lastText is where the last text within a node ends, -1 where there is none.
func lastText(n ast.Node) int {
	end := -1
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			end = t.Segment.Stop
		}
		return ast.WalkContinue, nil
	})
	return end
}
