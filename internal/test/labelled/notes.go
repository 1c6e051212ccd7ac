package labelled

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/tools/txtar"
)

//go:embed notes/*/*.txtar
var noteFiles embed.FS

// A NotePair is two notes, and whether they say the same. The files in notes/ hold
//
//	same [SOURCE]        two lines that say the same
//	different [SOURCE]   two lines about different things, though some are near
//	opposite [SOURCE]    two lines of which one says the contrary of the other
//
// SOURCE is the public postmortem after which they are worded. As with errors, the
// measure was tuned on one half and is judged by the half held out.
type NotePair struct {
	Half   string
	Name   string // for people
	Kind   string // "same", "different" or "opposite"
	Source string
	A, B   string
}

// Services are the names of services in the notes.
var Services = []string{"scores-api", "accounts-api", "gateway", "accounts", "billing", "mailer"}

// NotePairs are all pairs of notes.
func NotePairs() (all []NotePair, err error) {
	names, err := fs.Glob(noteFiles, "notes/*/*.txtar")
	for _, name := range names {
		data, err := noteFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for i, f := range txtar.Parse(data).Files {
			kind, source, _ := strings.Cut(f.Name, " ")
			a, b, _ := strings.Cut(strings.TrimSpace(string(f.Data)), "\n")
			if kind != "same" && kind != "different" && kind != "opposite" || a == "" || b == "" || strings.Contains(b, "\n") {
				return nil, fmt.Errorf("%s, %d: want two notes that are the same, different or opposite", name, i+1)
			}
			all = append(all, NotePair{path.Base(path.Dir(name)), fmt.Sprintf("%s, %d", name, i+1), kind, source, a, b})
		}
	}
	return all, err
}
