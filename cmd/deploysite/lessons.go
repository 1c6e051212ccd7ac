package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/text"
)

// lessonsOptions is one call of the command lessons.
type lessonsOptions struct {
	countOptions
	open bool
}

func lessonsCommand(env *cli.Env) *cobra.Command {
	opt := lessonsOptions{}
	cmd := cli.Alone(&cobra.Command{
		Use:   "lessons",
		Short: "Say what became of each lesson, tip and issue",
		Long: `List what the deployments taught, what was said most often first: in how many
records, when last, and what became of it. It is open; or accepted, as a step; or
dismissed, with a reason; or it came back: an issue that was met again although the
checklist had the step that it had become.

The options choose whose notes are listed, and LAST is of these; in how many records
a note stands is counted in the whole history.

Only notes in the same words are one. What may be the same is named below;
"deploystart lesson same" and "deploystart lesson apart" say whether it is.`,
		Example: `  deploysite lessons --open
  deploysite lessons --service accounts --since 2026-01-01
  deploysite lessons --json`,
	}, func(ctx context.Context) error { return listLessons(ctx, env, opt) })
	opt.flags(env, cmd, "print each note as JSON")
	cmd.Flags().BoolVar(&opt.open, "open", false, "only what nobody has decided on")
	return cmd
}

func listLessons(ctx context.Context, env *cli.Env, opt lessonsOptions) error {
	s, _, since, until, err := opt.load(ctx, env)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := opt.known(s); err != nil {
		return err
	}
	var notes []*site.NoteView
	for _, n := range s.Notes {
		if n.Kind != records.Well && opt.has(n.Entry, since, until) && (!opt.open || n.Account.FateOf(refOf(n)).State == ledger.Open) {
			notes = append(notes, n)
		}
	}
	if opt.json {
		return printLessonsJSON(env, notes)
	}
	return printLessons(env, notes)
}

// known is an error where no deployment names the service or the environment that is asked for.
func (opt *countOptions) known(s *site.Site) error {
	for _, limit := range []struct {
		by   *facet.Facet
		name string
	}{{facet.Service, opt.service}, {facet.Environment, opt.environment}} {
		var names []string
		for _, t := range s.Terms[limit.by] {
			names = append(names, t.Name)
		}
		if limit.name != "" && !slices.ContainsFunc(names, func(name string) bool { return text.Same(name, limit.name) }) {
			return noneNames(limit.by, limit.name, names)
		}
	}
	return nil
}

// has reports whether a record is one of those that are asked for.
func (opt *countOptions) has(e *site.Entry, since, until time.Time) bool {
	of := func(f *facet.Facet, name string) bool {
		return name == "" || slices.ContainsFunc(e.Terms(f), func(t *site.Term) bool { return text.Same(t.Name, name) })
	}
	at := e.Started.Time
	return (since.IsZero() || !at.Before(since)) && (until.IsZero() || !e.Started.IsZero() && at.Before(until)) &&
		of(facet.Service, opt.service) && of(facet.Environment, opt.environment)
}

func refOf(n *site.NoteView) ledger.Ref { return ledger.Ref{Record: n.Entry.ID, Note: n.ID} }

// noteJSON is a note with --json.
type noteJSON struct {
	ID     string   `json:"id"` // RECORD#NOTE
	Record string   `json:"record"`
	Kind   string   `json:"kind"`
	Text   string   `json:"text"`
	Fate   string   `json:"fate"`
	Step   *string  `json:"step"`   // the key of the step that it became
	In     *string  `json:"in"`     // the record that decided, or "checklist"
	Reason *string  `json:"reason"` // why it was dismissed
	First  string   `json:"first"`  // the record that said it first
	Last   string   `json:"last"`
	Count  int      `json:"count"` // of records that said it
	Same   []string `json:"same"`  // the IDs of other notes
	Maybe  []string `json:"maybe"` // the IDs of notes that may be the same
}

func printLessonsJSON(env *cli.Env, notes []*site.NoteView) error {
	rows := []noteJSON{}
	for _, n := range notes {
		fate := n.Account.FateOf(refOf(n))
		row := noteJSON{
			ID: refOf(n).String(), Record: n.Entry.ID, Kind: string(n.Kind), Text: n.Text, Fate: string(fate.State),
			Step: text.OrNull(fate.StepKey), Reason: text.OrNull(fate.Reason),
			First: n.Account.Oldest().Entry.ID, Last: n.Account.Newest().Entry.ID, Count: n.Account.Count(), Same: []string{}, Maybe: []string{},
		}
		switch {
		case fate.Checklist:
			row.In = text.OrNull("checklist")
		case fate.Record != nil:
			row.In = text.OrNull(fate.Record.ID)
		}
		for _, other := range n.Account.Notes {
			if other != n {
				row.Same = append(row.Same, refOf(other).String())
			}
		}
		for _, maybe := range n.Account.Maybe {
			for _, other := range maybe.Notes {
				row.Maybe = append(row.Maybe, refOf(other).String())
			}
		}
		rows = append(rows, row)
	}
	return env.JSON(struct {
		Version int        `json:"version"`
		Notes   []noteJSON `json:"notes"`
	}{1, rows})
}

// printLessons writes what some notes tell, each once: what was said most often first.
func printLessons(env *cli.Env, notes []*site.NoteView) error {
	var newest []*site.NoteView
	seen := map[*site.Account]bool{}
	for _, n := range notes {
		if !seen[n.Account] {
			seen[n.Account] = true
			newest = append(newest, n)
		}
	}
	if len(newest) == 0 {
		env.Tell("Nothing found.")
		return nil
	}
	slices.SortStableFunc(newest, func(a, b *site.NoteView) int { return cmp.Compare(b.Account.Count(), a.Account.Count()) })
	var out strings.Builder
	columns := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "TIMES\tLAST\tKIND\tFATE\tNOTE")
	for _, n := range newest {
		a := n.Account
		fmt.Fprintf(columns, "%s\t%s\t%s\t%s\t%s\n", strconv.Itoa(a.Count()), cmp.Or(text.First(n.Entry.Started.ISO(), len(time.DateOnly)), "–"), n.Kind, fateWords(a.FateOf(refOf(n))), text.Visible(text.Cut(n.Summary(), 90)))
		fmt.Fprintf(columns, "\t\t\t\t%s\n", refOf(n))
		for _, maybe := range a.Maybe[:min(maxMaybe, len(a.Maybe))] {
			fmt.Fprintf(columns, "\t\t\t\tmaybe the same: %s %s\n", text.Visible(text.Cut(maybe.Newest().Summary(), 60)), refOf(maybe.Newest()))
		}
	}
	columns.Flush()
	_, err := io.WriteString(env.Stdout, trimmedLines(out.String()))
	return err
}

// maxMaybe is how many notes that may be the same are named of one.
const maxMaybe = 3

// fateWords say what became of a note, and where.
func fateWords(f ledger.Fate) string {
	switch {
	case f.State == ledger.Open || f.State == ledger.Done:
		return f.State.Words()
	case f.Checklist:
		return f.State.Words() + ", checklist"
	}
	return f.State.Words() + ", " + f.Record.ID
}
