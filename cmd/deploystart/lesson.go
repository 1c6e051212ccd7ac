package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/tty"
	"github.com/deploysite/deploysite/internal/work"
)

// lesson is one call of the command lesson or tip, or of one below it.
type lesson struct {
	call
	name            string // "lesson"; "tip" is the older name, and lists tips alone
	section, reason string
}

func lessonCommand(env *cli.Env) *cobra.Command {
	t := &lesson{call: call{env: env}, name: "lesson"}
	cmd := t.command("List what earlier deployments learned, and say what becomes of it",
		`Earlier deployments of the service left tips, lessons and issues. deploystart
lesson lists those that nobody had decided on when the record was started, and
what this record decides: tips first, then the others.

What is accepted becomes a step of the record. What is dismissed stays in the
record with the reason. What is left alone comes back with the next deployment.
Of two notes you can say that they tell the same, or that they do not.`,
		`  deploystart lesson
  deploystart lesson accept 4
  deploystart lesson dismiss 5 --reason "that server is gone"
  deploystart lesson same 2026-03-17-20-00#lesson-ask-first 2026-02-10-10-00#lesson-ask`)
	cmd.AddCommand(t.judgeCommand(ledger.Same, "Say that two notes tell the same"), t.judgeCommand(ledger.Apart, "Say that two notes do not tell the same"))
	return cmd
}

func tipCommand(env *cli.Env) *cobra.Command {
	t := &lesson{call: call{env: env}, name: "tip"}
	return t.command("List the tips of earlier deployments, take one up, or dismiss it",
		`Earlier deployments of the service left tips. deploystart tip lists those that
nobody had decided on when the record was started, and what this record decides.

A tip that is accepted becomes a step of the record. One that is dismissed stays
in its briefing, with the reason. One that is left alone comes back with the
next deployment.

"deploystart lesson" does the same for tips, lessons and issues.`,
		`  deploystart tip
  deploystart tip accept 2
  deploystart tip accept purge the cache --section Before
  deploystart tip dismiss 3 --reason "there is no cache any more"`)
}

func (t *lesson) command(short, long, example string) *cobra.Command {
	cmd := &cobra.Command{
		Use: t.name, Short: short, Long: long, Example: example,
		Args: cli.OneOfItsCommands,
		RunE: func(cmd *cobra.Command, _ []string) error { return t.list(cmd.Context()) },
	}
	cmd.AddCommand(t.listCommand(), t.acceptCommand(), t.dismissCommand())
	t.addJSON(t.addFlags(cmd))
	return cmd
}

// arg is what the help calls a note: "TIP".
func (t *lesson) arg() string { return strings.ToUpper(t.name) }

func (t *lesson) listCommand() *cobra.Command {
	cmd := cli.Alone(&cobra.Command{
		Use: "list", Short: "List the " + t.name + "s of earlier deployments",
		Long: fmt.Sprintf(`deploystart %[1]s list does what deploystart %[1]s does without more: it lists the
%[1]ss, with the numbers by which the other commands know them.`, t.name),
	}, t.list)
	t.addJSON(t.addFlags(cmd))
	return cmd
}

func (t *lesson) acceptCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "accept " + t.arg(), Short: "Make a " + t.name + " a step of the record",
		Long: fmt.Sprintf(`deploystart %[1]s accept makes a %[1]s a step of the record. %[2]s is its number in
the list, its ID, or words of it that no other has.

To have it in every deployment, put the step into the checklist, with the comment
that the record has behind it.`, t.name, t.arg()),
		Example: fmt.Sprintf(`  deploystart %[1]s accept 2
  deploystart %[1]s accept purge the cache --section Before`, t.name),
		RunE:              func(cmd *cobra.Command, args []string) error { return t.accept(cmd.Context(), args) },
		ValidArgsFunction: t.complete,
	}
	flags := t.addFlags(cmd)
	flags.StringVar(&t.section, "section", "", "put the step at the end of the section `TITLE`; default: above all others")
	t.addBy(flags)
	t.addJSON(flags)
	return cmd
}

func (t *lesson) dismissCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "dismiss " + t.arg() + " --reason TEXT", Short: "Say why a " + t.name + " is not taken up",
		Long: fmt.Sprintf(`deploystart %[1]s dismiss says in the record why a %[1]s is not taken up, so that no
later deployment is told of it. %[2]s is its number in the list, its ID, or words of
it that no other has.`, t.name, t.arg()),
		Example:           fmt.Sprintf(`  deploystart %s dismiss 3 --reason "there is no cache any more"`, t.name),
		RunE:              func(cmd *cobra.Command, args []string) error { return t.dismiss(cmd.Context(), args) },
		ValidArgsFunction: t.complete,
	}
	flags := t.addFlags(cmd)
	flags.StringVar(&t.reason, "reason", "", "why, in a few words, `TEXT`")
	t.addBy(flags)
	t.addJSON(flags)
	return cmd
}

func (t *lesson) judgeCommand(verdict ledger.Verdict, short string) *cobra.Command {
	cmd := &cobra.Command{
		Use: string(verdict) + " LESSON OTHER", Short: short,
		Long: fmt.Sprintf(`%s: deploystart lesson %s
writes a comment behind the newer of two notes, in its record, whatever deployment
that is of. LESSON and OTHER are IDs, as "deploysite lessons" names them, or numbers
of the list. Of several comments on two notes the latest counts.`, short, verdict),
		Example:           fmt.Sprintf(`  deploystart lesson %s 2026-03-17-20-00#lesson-ask-first 2026-02-10-10-00#lesson-ask`, verdict),
		RunE:              func(cmd *cobra.Command, args []string) error { return t.judge(cmd.Context(), verdict, args) },
		ValidArgsFunction: t.complete,
	}
	flags := t.addFlags(cmd)
	t.addBy(flags)
	t.addJSON(flags)
	return cmd
}

// find finds what the record is told of.
func (t *lesson) find(ctx context.Context) (*work.Lessons, error) {
	j, err := t.call.find(ctx)
	if err != nil {
		return nil, err
	}
	return j.Lessons(ctx, t.name)
}

func (t *lesson) list(ctx context.Context) error {
	l, err := t.find(ctx)
	if err != nil {
		return err
	}
	if t.json {
		all := make([]work.Lesson, len(l.List))
		for i, open := range l.List {
			all[i] = l.JSON(open.Mention)
		}
		if t.name == "tip" {
			return t.env.JSON(lessonJSON{Result: l.Result(), Tips: all})
		}
		return t.env.JSON(lessonJSON{Result: l.Result(), Lessons: all})
	}
	t.env.Tell("%s: %s", l.Path(), l.Record.Title.Value)
	if len(l.List) == 0 {
		t.env.Tell("Earlier deployments left no %s that is still open.", t.name)
	}
	for i, open := range l.List {
		out := tty.Table{Labels: len("  1 dismissed ") + 1}
		out.Add(fmt.Sprintf("%3d %s", i+1, l.State(open.Ref())), open.Note.Said(), open.Ref().String())
		if _, err := io.WriteString(t.env.Stdout, out.String()); err != nil {
			return err
		}
	}
	if said := l.LookedAt(); said != "" {
		t.env.Tell("%s", said)
	}
	return nil
}

// lessonJSON is what --json prints: the record, and either all notes of the list or the
// one that was decided on.
type lessonJSON struct {
	work.Result
	Tips    []work.Lesson `json:"tips,omitzero"`
	Tip     *work.Lesson  `json:"tip,omitempty"`
	Lessons []work.Lesson `json:"lessons,omitzero"`
	Lesson  *work.Lesson  `json:"lesson,omitempty"`
}

func (t *lesson) accept(ctx context.Context, args []string) error {
	l, m, err := t.chosen(ctx, args)
	if err != nil {
		return err
	}
	before, err := l.Change(ctx, ledger.AcceptNote(m, t.section))
	if err != nil {
		return err
	}
	step, _ := records.AddedStep(before, l.Record)
	i := slices.IndexFunc(l.Record.Steps, func(s records.Step) bool { return s.ID == step.ID })
	moved := ""
	if i < len(l.Record.Steps)-1 {
		moved = "; the numbers of the steps behind it went up by one"
	}
	return t.decided(l, m, "It is step %d now, in %s: %s%s", i+1, step.Section, step.Label, moved)
}

func (t *lesson) dismiss(ctx context.Context, args []string) error {
	if strings.TrimSpace(t.reason) == "" {
		return cli.Usagef("a %s is dismissed with a reason; give one with --reason", t.name)
	}
	l, m, err := t.chosen(ctx, args)
	if err != nil {
		return err
	}
	if _, err := l.Change(ctx, ledger.DismissNote(m, l.Me, t.reason)); err != nil {
		return err
	}
	return t.decided(l, m, "Dismissed: %s", text.Cut(m.Note.Said(), 100))
}

// decided says what the record decides on a note now.
func (t *lesson) decided(l *work.Lessons, m ledger.Mention, format string, args ...any) error {
	one := l.JSON(m)
	switch {
	case !t.json:
		t.env.Tell("%s (%s)", fmt.Sprintf(format, args...), l.Record.ID)
		return nil
	case t.name == "tip":
		return t.env.JSON(lessonJSON{Result: l.Result(), Tip: &one})
	}
	return t.env.JSON(lessonJSON{Result: l.Result(), Lesson: &one})
}

// judge says of two notes whether they tell the same, in the record of the newer one.
func (t *lesson) judge(ctx context.Context, verdict ledger.Verdict, args []string) error {
	if len(args) != 2 {
		return cli.Usagef("say which two notes, by their IDs or numbers; deploysite lessons names those that may be the same")
	}
	var notes [2]ledger.Mention
	for i := range args {
		var err error
		if notes[i], err = t.meant(ctx, args[i]); err != nil {
			return err
		}
	}
	if notes[0].Ref() == notes[1].Ref() {
		return cli.Usagef("%s is one note; name another one beside it", notes[0].Ref())
	}
	slices.SortStableFunc(notes[:], func(a, b ledger.Mention) int { return records.NewestFirst(a.Record, b.Record) })
	j, err := t.begin(ctx)
	if err != nil {
		return err
	}
	if err := j.Named(notes[0].Record.ID); err != nil {
		return err
	}
	if _, err := j.Change(ctx, ledger.Judge(notes[0], verdict, notes[1].Ref())); err != nil {
		return err
	}
	if t.json {
		return t.env.JSON(j.Result())
	}
	said := "The same"
	if verdict == ledger.Apart {
		said = "Not the same"
	}
	t.env.Tell("%s: %s and %s (%s; deploystart undo --record %[4]s takes it back)", said, notes[0].Ref(), notes[1].Ref(), j.Record.ID)
	return nil
}

// meant is the note that an ID names, or a number of the list.
func (t *lesson) meant(ctx context.Context, word string) (ledger.Mention, error) {
	if ref, ok := ledger.ParseRef(word); ok {
		j, err := t.begin(ctx)
		if err != nil {
			return ledger.Mention{}, err
		}
		return j.NoteOf(ref)
	}
	_, m, err := t.chosen(ctx, []string{word})
	return m, err
}

// chosen finds the note that is meant.
func (t *lesson) chosen(ctx context.Context, args []string) (*work.Lessons, ledger.Mention, error) {
	word := strings.Join(args, " ")
	if strings.TrimSpace(word) == "" {
		return nil, ledger.Mention{}, cli.Usagef("say which %[1]s: its number, its ID or words of it; they are listed by: deploystart %[1]s", t.name)
	}
	l, err := t.find(ctx)
	if err != nil {
		return nil, ledger.Mention{}, err
	}
	m, err := l.Meant(word)
	return l, m, err
}

// complete completes IDs of notes that are open; behind that of one, of those that may
// be the same.
func (t *lesson) complete(cmd *cobra.Command, args []string, _ string) (ids []string, _ cobra.ShellCompDirective) {
	const nothingElse = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	pair := cmd.Name() == string(ledger.Same) || cmd.Name() == string(ledger.Apart)
	if len(args) > 1 || len(args) == 1 && !pair {
		return nil, nothingElse
	}
	t.env = t.env.Quiet()
	l, err := t.find(cmd.Context())
	if err != nil {
		return nil, nothingElse
	}
	add := func(m ledger.Mention) { ids = append(ids, m.Ref().String()+"\t"+t.oneCell(m.Note.Text)) }
	if len(args) == 1 {
		ref, _ := ledger.ParseRef(args[0])
		if e := l.Ledger().Entry(ref); e != nil {
			for _, maybe := range e.Maybe {
				add(maybe.Newest())
			}
		}
		return ids, nothingElse
	}
	for _, open := range l.List {
		if l.State(open.Ref()) == ledger.Open {
			add(open.Mention)
		}
	}
	return ids, nothingElse
}
