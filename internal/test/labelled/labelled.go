// Package labelled holds errors with their answers, by which "seen before" is
// measured. Its txtar files hold
//
//	record ID      a record, with errors that it had
//	known ID       an error that the record had, met again elsewhere
//	new WORDS      an error that none of the records had, though some are near
//
// The measure was tuned on one half, and is judged by the half held out.
package labelled

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

//go:embed tuned/*.txtar held-out/*.txtar
var files embed.FS

// Halves are the names of the two halves.
var Halves = []string{"tuned", "held-out"}

// A Query is an error that somebody looks for.
type Query struct {
	Half string
	Name string // for people
	Text string
	Want string // the ID of the record that is to come first; "" where the error is new
}

// Write writes the records of both halves into a project, and gives the queries.
func Write(project string) (all []Query, err error) {
	folder := filepath.Join(project, "deployments", "checklists")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "*/*.txtar")
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for i, f := range txtar.Parse(data).Files {
			q := Query{Half: path.Dir(name), Name: fmt.Sprintf("%s, %d: %s", name, i, f.Name), Text: string(f.Data)}
			switch kind, rest, _ := strings.Cut(f.Name, " "); kind {
			case "record":
				if err := os.WriteFile(filepath.Join(folder, rest+"-deployment.md"), f.Data, 0o644); err != nil {
					return nil, err
				}
				continue
			case "known":
				q.Want = rest
			}
			all = append(all, q)
		}
	}
	return all, err
}

// Check logs how many errors were recognised, and fails the test where that is
// too few, or too many new ones. answers are the IDs of the first answers.
func Check(t *testing.T, who string, queries []Query, answers []string) {
	t.Helper()
	for _, half := range Halves {
		known, first, fresh, claimed := 0, 0, 0, 0
		for i, q := range queries {
			switch {
			case q.Half != half:
				continue
			case q.Want == "":
				fresh++
				if answers[i] != "" {
					claimed++
				}
			default:
				known++
				if answers[i] == q.Want {
					first++
				}
			}
			if answers[i] != q.Want {
				t.Logf("%s: %q, want %q", q.Name, answers[i], q.Want)
			}
		}
		t.Logf("%s, %s: %d of %d known errors first, %d of %d new ones claimed to be known", who, half, first, known, claimed, fresh)
		if first*40 < known*39 || claimed*20 > fresh {
			t.Errorf("%s, %s: want at least 39 of 40, and at most 1 of 20", who, half)
		}
	}
}
