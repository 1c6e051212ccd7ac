package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/briefing"
	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/tty"
	"github.com/deploysite/deploysite/internal/work"
)

// tip is one call of the command tip, or of one below it.
type tip struct {
	call
	section, reason string
}

func tipCommand(env *cli.Env) *cobra.Command {
	t := &tip{call: call{env: env}}
	cmd := &cobra.Command{
		Use:   "tip",
		Short: "List the tips of earlier deployments, take one up, or dismiss it",
		Long: `Earlier deployments of the service left tips. deploystart tip lists those that
nobody had decided on when the record was started, and what this record decides.

A tip that is accepted becomes a step of the record. One that is dismissed stays
in its briefing, with the reason. One that is left alone comes back with the
next deployment.`,
		Example: `  deploystart tip
  deploystart tip accept 2
  deploystart tip accept purge the cache --section Before
  deploystart tip dismiss 3 --reason "there is no cache any more"`,
		Args: noTipCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return t.list(cmd.Context()) },
	}
	cmd.AddCommand(t.listCommand(), t.acceptCommand(), t.dismissCommand())
	t.addJSON(t.addFlags(cmd))
	return cmd
}

// noTipCommand refuses what is none of the commands below tip.
func noTipCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := text.Nearest(args[0], []string{"list", "accept", "dismiss"}); near != "" {
		return cli.Usagef("tip has no command %q; did you mean %s?", args[0], near)
	}
	return cli.Usagef("tip has no command %q; there are list, accept TIP and dismiss TIP", args[0])
}

func (t *tip) listCommand() *cobra.Command {
	cmd := cli.Alone(&cobra.Command{
		Use: "list", Short: "List the tips of earlier deployments",
		Long: `deploystart tip list does what deploystart tip does without more: it lists the
tips, with the numbers by which the other commands know them.`,
	}, t.list)
	t.addJSON(t.addFlags(cmd))
	return cmd
}

func (t *tip) acceptCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "accept TIP", Short: "Make a tip a step of the record",
		Long: `deploystart tip accept makes a tip a step of the record. TIP is its number in
the list, its ID, or words of it that no other tip has.`,
		Example: `  deploystart tip accept 2
  deploystart tip accept purge the cache --section Before`,
		RunE:              func(cmd *cobra.Command, args []string) error { return t.accept(cmd.Context(), args) },
		ValidArgsFunction: t.complete,
	}
	flags := t.addFlags(cmd)
	flags.StringVar(&t.section, "section", "", "put the step at the end of the section `TITLE`; default: above all others")
	t.addBy(flags)
	t.addJSON(flags)
	return cmd
}

func (t *tip) dismissCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "dismiss TIP --reason TEXT", Short: "Say why a tip is not taken up",
		Long: `deploystart tip dismiss says in the record why a tip is not taken up, so that no
later deployment is told of it. TIP is its number in the list, its ID, or words of
it that no other tip has.`,
		Example:           `  deploystart tip dismiss 3 --reason "there is no cache any more"`,
		RunE:              func(cmd *cobra.Command, args []string) error { return t.dismiss(cmd.Context(), args) },
		ValidArgsFunction: t.complete,
	}
	flags := t.addFlags(cmd)
	flags.StringVar(&t.reason, "reason", "", "why, in a few words, `TEXT`")
	t.addBy(flags)
	t.addJSON(flags)
	return cmd
}

// tips are what a record is told of, in an order that its own decisions do not
// change: the numbers of the list stay.
type tips struct {
	*job
	*briefing.Briefing
	marks []insights.TipMark // of the record
}

func (t *tip) find(ctx context.Context) (*tips, error) {
	j, err := t.call.find(ctx)
	if err != nil {
		return nil, err
	}
	b, err := j.Brief(ctx)
	return &tips{j, b, insights.TipMarks(j.Record)}, err
}

func (t *tip) list(ctx context.Context) error {
	l, err := t.find(ctx)
	if err != nil {
		return err
	}
	if t.json {
		list := make([]tipJSON, len(l.Tips))
		for i, tip := range l.Tips {
			list[i] = l.tipJSON(i, tip.Mention)
		}
		return t.env.JSON(struct {
			work.Result
			Tips []tipJSON `json:"tips"`
		}{l.Result(), list})
	}
	t.env.Tell("%s: %s", l.Path(), l.Record.Title.Value)
	if len(l.Tips) == 0 {
		t.env.Tell("Earlier deployments left no tip that is still open.")
	}
	for i, tip := range l.Tips {
		out := tty.Table{Labels: len("  1 dismissed ") + 1}
		out.Add(fmt.Sprintf("%3d %s", i+1, insights.StateIn(l.marks, tip.Ref())), tip.Note.Text, tip.Ref().String())
		if _, err := io.WriteString(t.env.Stdout, out.String()); err != nil {
			return err
		}
	}
	if said := l.LookedAt(); said != "" {
		t.env.Tell("%s", said)
	}
	return nil
}

// tipJSON is a tip with --json.
type tipJSON struct {
	Number int    `json:"number"` // from 1; 0 where it is not in the list
	ID     string `json:"id"`     // "2024-08-31-14-30#tip-purge-the-cache"
	Text   string `json:"text"`
	State  string `json:"state"` // what this record decides: open, accepted, dismissed
}

// tipJSON is a tip, by its place in the list or -1.
func (l *tips) tipJSON(i int, tip insights.Mention) tipJSON {
	return tipJSON{i + 1, tip.Ref().String(), tip.Note.Text, string(insights.StateIn(l.marks, tip.Ref()))}
}

func (t *tip) accept(ctx context.Context, args []string) error {
	l, tip, err := t.chosen(ctx, args)
	if err != nil {
		return err
	}
	before, err := l.Change(ctx, briefing.AcceptTip(tip, t.section))
	if err != nil {
		return err
	}
	step, _ := records.AddedStep(before, l.Record)
	i := slices.IndexFunc(l.Record.Steps, func(s records.Step) bool { return s.ID == step.ID })
	return l.decided(tip, "It is step %d now, in %s: %s", i+1, step.Section, step.Label)
}

func (t *tip) dismiss(ctx context.Context, args []string) error {
	if strings.TrimSpace(t.reason) == "" {
		return cli.Usagef("a tip is dismissed with a reason; give one with --reason")
	}
	l, tip, err := t.chosen(ctx, args)
	if err != nil {
		return err
	}
	if _, err := l.Change(ctx, briefing.DismissTip(tip, l.Me, t.reason)); err != nil {
		return err
	}
	return l.decided(tip, "Dismissed: %s", text.Cut(tip.Note.Text, 100))
}

// decided says what the record decides on a tip now.
func (l *tips) decided(tip insights.Mention, format string, args ...any) error {
	if !l.json {
		l.env.Tell("%s (%s)", fmt.Sprintf(format, args...), l.Record.ID)
		return nil
	}
	l.marks = insights.TipMarks(l.Record)
	i := slices.IndexFunc(l.Tips, func(t briefing.OpenTip) bool { return t.Ref() == tip.Ref() })
	return l.env.JSON(struct {
		work.Result
		Tip tipJSON `json:"tip"`
	}{l.Result(), l.tipJSON(i, tip)})
}

// chosen finds the tip that is meant.
func (t *tip) chosen(ctx context.Context, args []string) (*tips, insights.Mention, error) {
	word := strings.Join(args, " ")
	if strings.TrimSpace(word) == "" {
		return nil, insights.Mention{}, cli.Usagef("say which tip: its number, its ID or words of it; they are listed by: deploystart tip")
	}
	l, err := t.find(ctx)
	if err != nil {
		return nil, insights.Mention{}, err
	}
	if ref, ok := insights.ParseTipRef(word); ok {
		tip, err := l.withID(ref)
		return l, tip, err
	}
	tip, err := l.called(word)
	return l, tip, err
}

// called finds a tip of the list by its number or by words.
func (l *tips) called(word string) (insights.Mention, error) {
	found := l.TipsCalled(word)
	switch len(found) {
	case 1:
		return l.Tips[found[0]].Mention, nil
	case 0:
		return insights.Mention{}, cli.Usagef("no tip has the number or the words %q; they are listed by: deploystart tip", word)
	}
	l.env.Tell("deploystart: %d tips could be meant by %q; give the number:", len(found), word)
	for _, i := range found {
		l.env.Tell("  %d  %s", i+1, text.Cut(l.Tips[i].Note.Text, 70))
	}
	return insights.Mention{}, cli.ErrReportedUsage
}

// withID finds a tip, also one that the list does not have.
func (l *tips) withID(ref insights.TipRef) (insights.Mention, error) {
	for _, tip := range l.Tips {
		if tip.Ref() == ref {
			return tip.Mention, nil
		}
	}
	other := &work.Job{Env: l.env, Project: l.Project}
	if err := other.Named(ref.Record); err != nil {
		return insights.Mention{}, err
	}
	for i := range other.Record.Notes {
		if n := &other.Record.Notes[i]; n.Kind == records.Tips && n.ID == ref.Note {
			return insights.Mention{Record: other.Record, Note: n}, nil
		}
	}
	return insights.Mention{}, cli.Usagef("%s has no tip %s", other.File.Name, ref.Note)
}

// complete completes the tip's ID.
func (t *tip) complete(cmd *cobra.Command, args []string, _ string) (ids []string, _ cobra.ShellCompDirective) {
	const nothingElse = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	if len(args) > 0 {
		return nil, nothingElse
	}
	t.env = t.env.Quiet()
	l, err := t.find(cmd.Context())
	if err != nil {
		return nil, nothingElse
	}
	for _, tip := range l.Tips {
		if insights.StateIn(l.marks, tip.Ref()) == insights.TipOpen {
			ids = append(ids, tip.Ref().String()+"\t"+l.oneCell(tip.Note.Text))
		}
	}
	return ids, nothingElse
}
