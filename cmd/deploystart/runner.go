package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/runner"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/work"
)

// workThroughChecklist is what the command step does without arguments for
// somebody on a terminal. One that cannot move its cursor gets the list.
func (j *job) workThroughChecklist(ctx context.Context) error {
	if !j.env.DrawsScreens() {
		return j.listSteps()
	}
	options, err := j.runnerOptions()
	if err != nil {
		return err
	}
	if err = runner.Run(ctx, options); err != nil {
		return fmt.Errorf("%w; the record is %s", err, j.Path())
	}
	if j.Record, err = j.File.Read(); err != nil { // it may have been taken away meanwhile
		return err
	}
	j.tellHowToGoOn()
	return nil
}

func (j *job) runnerOptions() (runner.Options, error) {
	path, err := filepath.Abs(j.File.Path) // a name that begins with "-" is no option of an editor
	if err != nil {
		return runner.Options{}, err
	}
	options := runner.Options{
		File: j.File, By: j.Me, Dir: j.Project.Root,
		Shell:    j.env.ShellCommand,
		Headline: work.Headline,
		Caution:  j.caution,
		Recall:   j.recallEarlier,
		Input:    j.env.Stdin, Output: j.env.Stdout, Now: j.env.Now,
	}
	if repo, err := git.Find(j.Project.Root); repo != nil && err == nil {
		options.Commit = j.commitFinished
	}
	if j.env.Editor() != "" {
		options.Editor = func() *exec.Cmd { return j.env.EditorCommand(path) }
	}
	return options, nil
}

// commitFinished commits the record as finish --commit does, and says on the terminal why
// not.
func (j *job) commitFinished(ctx context.Context) (said string, err error) {
	if j.Record, err = j.File.Read(); err == nil {
		var hash *string
		if hash, err = j.Commit(ctx, false); err == nil && hash == nil {
			return "Nothing to commit: this is what is committed already.", nil
		} else if err == nil {
			j.committed = j.Record.Source
			return fmt.Sprintf("Committed %.10s.", *hash), nil
		}
	}
	if !errors.Is(err, cli.ErrReported) {
		j.env.Tell("deploystart: %v", err)
	}
	return "", err
}

// caution warns of what looks like a secret.
func (j *job) caution(text string) string {
	if found := j.Secrets([]byte(text)); len(found) > 0 {
		return "Careful: it holds what looks like a secret (" + found[0].Rule + "). Take it out (e) before it is committed; git does not forget."
	}
	return ""
}

// recallEarlier finds earlier records that tell of the like of an issue.
func (j *job) recallEarlier(ctx context.Context, issue records.Note) (list []runner.Earlier, err error) {
	found, err := j.Like(ctx, issue.Text)
	for _, s := range found {
		list = append(list, runner.Earlier{
			Where:  j.Heading(s.Record),
			What:   text.Cut(s.What, 200),
			Helped: text.Cut(s.Remedy, 300),
			Link:   j.SeenBefore(s.Record),
		})
	}
	return list, err
}

// tellHowToGoOn says where the record is, and what comes next.
func (j *job) tellHowToGoOn() {
	which := ""
	if j.name != "" {
		which = " --record " + j.Record.ID
	}
	if bytes.Equal(j.committed, j.Record.Source) {
		j.env.Tell("%s says %s, and is committed.", j.Path(), j.Record.Status.Words())
		return
	}
	if j.Record.Status != records.InProgress {
		j.env.Tell("%s says %s. Next: commit it:\n  deploystart finish --commit --record %s", j.Path(), j.Record.Status.Words(), j.Record.ID)
		return
	}
	j.env.Tell("All is written in %s.\nGo on with: deploystart step%s\nAt the end: deploystart finish%s", j.Path(), which, which)
}
