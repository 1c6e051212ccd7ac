package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/work"
)

func undoCommand(env *cli.Env) *cobra.Command {
	c := &call{env: env}
	cmd := cli.Alone(&cobra.Command{
		Use:   "undo",
		Short: "Take back the last change",
		Long: `deploystart undo takes back the last change that you made to the record with
deploystart on this machine: a mark, a note, the end. Called once more it makes
that change again, so nothing is lost.

If an editor or somebody else wrote the record since, nothing is undone. Without
--record it is the record of this project that you changed last. A commit stays
a commit: what is undone afterwards is a change that is not committed yet.`,
		Example: `  deploystart undo
  deploystart undo --record 2024-08-31-14-30`,
	}, c.undo)
	c.addFlags(cmd).Lookup("record").Usage = "the record, by `ID` or path; default: the one that you changed last"
	c.addJSON(cmd.Flags())
	return cmd
}

func (c *call) undo(ctx context.Context) error {
	j, err := c.findChanged(ctx)
	if err != nil {
		return err
	}
	before, again, err := j.Undo(ctx)
	if err != nil {
		return err
	}
	changes := append([]string{}, records.Differences(j.Shown(before), j.Shown(j.Record), j.decisions(before)...)...)
	if !c.json {
		j.tellUndone(changes, again)
	}
	return j.print(struct {
		work.Result
		Again   bool     `json:"again"` // what was undone is made again
		Changes []string `json:"changes"`
	}{j.Result(), again, changes})
}

// decisions are those on notes that are there now and were not, or the other way round.
func (j *job) decisions(before *records.Record) (all []string) {
	was, is := ledger.Marks(before), ledger.Marks(j.Record)
	tell := func(marks, others []ledger.Mark, verb string) {
		for _, m := range marks {
			if slices.Contains(others, m) || m.Verdict == ledger.Accept { // which is told of the step
				continue
			}
			what := "the comment that " + m.Note.String() + " and " + m.Other.String() + " are " + map[ledger.Verdict]string{ledger.Same: "the same", ledger.Apart: "not the same"}[m.Verdict]
			if m.Verdict == ledger.Dismiss {
				what = "the dismissal of " + m.Note.String()
				if note, err := j.NoteOf(m.Note); err == nil {
					what = "the dismissal of “" + text.Cut(j.env.Hide(note.Note.Said()), 60) + "”"
				}
			}
			all = append(all, what+" is "+verb)
		}
	}
	tell(was, is, "gone")
	tell(is, was, "there")
	return all
}

func (j *job) tellUndone(changes []string, again bool) {
	verb, back := "Undone", "To make it again"
	if again {
		verb, back = "Made again", "To take it back"
	}
	if len(changes) == 0 {
		changes = []string{"the text is as it was"}
	}
	j.env.Tell("%s: %s. %s:\n  deploystart undo --record %s", verb, strings.Join(changes, "; "), back, j.Record.ID)
}

// findChanged finds the record that --record names, or else the one that was changed
// last.
func (c *call) findChanged(ctx context.Context) (*job, error) {
	if c.name != "" {
		return c.find(ctx)
	}
	j, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	last, err := store.LastChanged(store.UndoFolder(), j.Project.RecordsDir())
	switch {
	case err != nil:
		return nil, err
	case last == "":
		return nil, fmt.Errorf("%w; --record names a record", store.ErrNothingToUndo)
	}
	return j, j.Named(last)
}
