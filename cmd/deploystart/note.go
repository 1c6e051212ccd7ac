package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/recall/files"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/work"
)

// note is one call of the command note.
type note struct {
	call
	error string // --error: a file, or - for stdin
	link  bool
	step  string // --step: words of a step
}

// noteKinds are the kinds of notes, and other words for them. Their names on the
// command line are their own.
var noteKinds = []struct {
	kind    records.NoteKind
	aliases []string
}{
	{records.Issues, []string{"issues", "problem", "problems"}},
	{records.Lessons, []string{"lessons", "learned"}},
	{records.Tips, []string{"tips"}},
	{records.Well, []string{"went-well", "success"}},
}

func noteCommand(env *cli.Env) *cobra.Command {
	n := &note{call: call{env: env}}
	cmd := &cobra.Command{
		Use:   "note issue|lesson|tip|well TEXT",
		Short: "Add a note to the record",
		Long: `deploystart note adds an issue, a lesson, a tip for the next deployment or a
thing that went well to the record, as a list item in the section of its kind.

TEXT is Markdown, in as many words as it takes; - reads it from stdin. With
--error the message or log in a FILE, or on stdin, goes below the issue as it is.
Then the earlier records that tell of the like are shown, with what helped. An
issue gets the time, your name, and the step at which it came up.`,
		Example: `  deploystart note tip Purge the cache before the smoke test
  deploystart note issue "First node does not answer" --error -  <deploy.log
  kubectl logs api | deploystart note issue --error - --link`,
		RunE: func(cmd *cobra.Command, args []string) error { return n.run(cmd.Context(), args) },
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return completeKind(args), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
		},
	}
	flags := n.addFlags(cmd)
	flags.StringVar(&n.error, "error", "", "the message or log, a `FILE`, or - for stdin")
	flags.StringVar(&n.step, "step", "", "the step at which an issue came up, `STEP`; default: the only one in progress")
	flags.BoolVar(&n.link, "link", false, "link the earlier record that is most alike")
	n.addBy(flags)
	n.addJSON(flags)
	return cmd
}

func completeKind(args []string) (words []string) {
	if len(args) > 0 {
		return nil
	}
	for _, k := range noteKinds {
		words = append(words, string(k.kind)+"\t"+k.kind.Section())
	}
	return words
}

func parseKind(word string) (records.NoteKind, bool) {
	for _, k := range noteKinds {
		if word = strings.ToLower(word); word == string(k.kind) || slices.Contains(k.aliases, word) {
			return k.kind, true
		}
	}
	return records.NoNote, false
}

func (n *note) run(ctx context.Context, args []string) error {
	kind, err := n.kindOf(args)
	if err != nil {
		return err
	}
	j, err := n.find(ctx)
	if err != nil {
		return err
	}
	what, err := n.read(ctx, kind, args[1:])
	if err != nil {
		return err
	}
	if kind == records.Issues {
		if what.Stamp, err = n.stamp(j); err != nil {
			return err
		}
	}
	before, err := j.Change(ctx, records.AddNote(kind, what))
	if errors.Is(err, records.ErrNoNote) {
		return cli.Usagef("%q: %w", what.Text, records.ErrNoNote)
	}
	if err != nil {
		return err
	}
	added, _ := records.AddedNote(before, j.Record)
	j.File.With = [2][]byte{before.Source, j.Record.Source} // a link below it is of the same command
	j.WarnOfSecrets(what.Text, what.Code)
	return n.recall(ctx, j, added)
}

// stamp says when, by whom and at which step an issue is written: the one of --step, or
// else the only one in progress.
func (n *note) stamp(j *job) (records.Stamp, error) {
	s := j.stamp()
	var running []records.Step
	for _, step := range j.Record.Steps {
		if step.State == records.StepRunning {
			running = append(running, step)
		}
	}
	if n.step != "" {
		i, err := j.step(strings.Fields(n.step))
		if err != nil {
			return s, err
		}
		s.Step = j.Record.Steps[i].Key
	} else if len(running) == 1 {
		s.Step = running[0].Key
	}
	return s, nil
}

// kindOf reads the first argument, and checks what goes with it.
func (n *note) kindOf(args []string) (records.NoteKind, error) {
	if len(args) == 0 {
		return "", cli.Usagef("say what kind of note it is: issue, lesson, tip or well")
	}
	kind, ok := parseKind(args[0])
	if !ok {
		var names []string
		for _, k := range noteKinds {
			names = append(names, string(k.kind))
		}
		hint := ""
		if near := text.Nearest(args[0], names); near != "" {
			hint = fmt.Sprintf("; did you mean %s?", near)
		}
		return "", cli.Usagef("there are notes of the kinds issue, lesson, tip and well, not %q%s", args[0], hint)
	}
	fromStdin := len(args) == 2 && args[1] == "-"
	switch {
	case kind != records.Issues && (n.error != "" || n.link || n.step != ""):
		return "", cli.Usagef("--error, --link and --step go with an issue")
	case fromStdin && n.error == "-":
		return "", cli.Usagef("stdin cannot be both the text and the error")
	case len(args) > 1 && strings.TrimSpace(strings.Join(args[1:], "")) == "" && n.error == "":
		return "", cli.Usagef("the text of the note is empty")
	case len(args) == 1 && n.error == "" && !n.env.Interactive():
		return "", cli.Usagef("say what to note, or - to read it from stdin")
	}
	return kind, nil
}

// maxInput is the most that is read of a message or a log, in bytes. Of long ones
// the record keeps begin and end.
const maxInput = 16 << 20

// read puts the note together from the arguments, stdin and a file.
func (n *note) read(ctx context.Context, kind records.NoteKind, words []string) (what records.NewNote, err error) {
	what.Text = strings.Join(words, " ")
	read := what.Text == "-"
	if read {
		what.Text, err = n.readAll(ctx, "-")
	}
	if err == nil && n.error != "" {
		what.Code, err = n.readAll(ctx, n.error)
	}
	switch {
	case err != nil:
		return what, err
	case n.error != "" && strings.TrimSpace(what.Code) == "":
		return what, errors.New("the error is empty; nothing was noted")
	case what.Text == "" && n.error != "":
		if what.Text = work.Headline(what.Code); work.IsHeadline(what.Code) {
			what.Code = "" // the headline says all of it
		}
	case read && strings.TrimSpace(what.Text) == "":
		return what, cli.Usagef("nothing was said, and nothing noted")
	case what.Text == "":
		what.Text, err = n.env.Ask(ctx, "%s:", kind.Section())
		if errors.Is(err, io.EOF) {
			return what, cli.Usagef("nothing was said, and nothing noted")
		}
	}
	return what, err
}

// readAll reads a file, or stdin.
func (n *note) readAll(ctx context.Context, name string) (string, error) {
	if name == "-" && n.env.Interactive() {
		n.env.Tell("Paste it here, then press Enter and Ctrl-D:")
	}
	if info, err := os.Stat(n.env.Path(name)); name != "-" && err == nil && info.IsDir() {
		return "", fmt.Errorf("--error takes the name of a file, or - for stdin, and %s is a folder", text.Cut(name, 60))
	}
	all, err := n.env.ReadInput(ctx, name, maxInput)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("--error takes the name of a file, or - for stdin, and there is no file %s", text.Cut(name, 60))
	}
	return string(all), err
}

// recall says what was noted, and what earlier records tell of the like of an
// issue. On a terminal it offers to link one of those.
func (n *note) recall(ctx context.Context, j *job, added records.Note) error {
	var found []files.Seen
	if added.Kind == records.Issues {
		var err error
		if found, err = j.Like(ctx, added.Text+"\n"+j.Record.Code(added)); err != nil {
			n.env.Tell("Noted, but earlier records cannot be searched: %v", err)
		}
	}
	if !n.json {
		n.env.Tell("Noted in %s, %s.", j.Path(), added.Kind.Section())
		n.tellSeen(j, found)
	}
	linked, err := n.linkOne(ctx, j, added, found)
	if err != nil {
		return fmt.Errorf("the issue is noted, but not linked: %w", err)
	}
	if n.json {
		return n.env.JSON(noteJSON{j.Result(), string(added.Kind), j.shownID(added.ID), added.Text, j.SeenAsJSON(found), text.OrNull(linked)})
	}
	return nil
}

// shownID is the ID that a note has on the site, where no secret is.
func (j *job) shownID(id string) string {
	shown := j.Shown(j.Record).Notes
	if i := slices.IndexFunc(j.Record.Notes, func(n records.Note) bool { return n.ID == id }); 0 <= i && i < len(shown) {
		return shown[i].ID
	}
	return id
}

func (n *note) tellSeen(j *job, found []files.Seen) {
	if len(found) == 0 {
		if n.link {
			n.env.Tell("No earlier record tells of the like, so none was linked.")
		}
		return
	}
	n.env.Tell("Seen before:")
	for i, s := range found {
		n.env.Tell("%3d  %s", i+1, j.Heading(s.Record))
		n.env.Tell("     %s", text.Cut(s.What, 200))
		if helped := s.Remedy; helped != "" {
			n.env.Tell("     What helped: %s", text.Cut(helped, 300))
		}
		n.env.Tell("     %s", j.PathOf(s.Record))
	}
}

// linkOne writes a link below the issue: to the record that is most alike with
// --link, to the one that somebody chooses on a terminal. It gives its ID.
func (n *note) linkOne(ctx context.Context, j *job, added records.Note, found []files.Seen) (linked string, err error) {
	if len(found) == 0 {
		return "", nil
	}
	choice := 1
	if !n.link {
		if choice, err = n.chooseLink(ctx, len(found)); err != nil || choice == 0 {
			return "", err
		}
	}
	s := found[choice-1]
	if _, err := j.Change(ctx, records.AddBelowNote(added.ID, j.SeenBefore(s.Record))); err != nil {
		return "", err
	}
	if !n.json {
		n.env.Tell("Linked %s.", s.Record.ID)
	}
	return s.Record.ID, nil
}

// chooseLink asks which of the records to link; 0 is none.
func (n *note) chooseLink(ctx context.Context, count int) (int, error) {
	if !n.env.Interactive() || n.json {
		if !n.json {
			n.env.Tell("To link the first one, note it with --link.")
		}
		return 0, nil
	}
	question := fmt.Sprintf("Link which of them, 1 to %d? Enter links none.", count)
	if count == 1 {
		question = "Link it? 1 links it, Enter does not."
	}
	for {
		answer, err := n.env.Ask(ctx, "%s", question)
		if answer == "" || errors.Is(err, io.EOF) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		if count == 1 && strings.HasPrefix("yes", strings.ToLower(answer)) {
			return 1, nil
		}
		if i, err := strconv.Atoi(answer); err == nil && i >= 1 && i <= count {
			return i, nil
		}
		n.env.NoAnswer(answer)
	}
}

// noteJSON is what --json prints.
type noteJSON struct {
	work.Result
	Kind       string          `json:"kind"`
	Note       string          `json:"note"` // its ID in the record
	Text       string          `json:"text"`
	SeenBefore []work.SeenJSON `json:"seen_before"`
	Linked     *string         `json:"linked"` // the ID of a record; null where none was linked
}
