package work

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/records"
)

// AskForTheRest asks for the steps that are open and the notes that are missing.
// Each answer is on the disk before the next question.
func (j *Job) AskForTheRest(ctx context.Context) error {
	err := j.askSteps(ctx)
	for _, kind := range j.Record.EmptyKinds() {
		if err == nil {
			err = j.askNotes(ctx, kind)
		}
	}
	if errors.Is(err, io.EOF) { // there is nobody to ask any more, which is no failure
		return nil
	}
	return err
}

// errLeave ends the questions about steps: somebody leaves the rest as it is.
var errLeave = errors.New("the rest is left")

// askSteps asks for the steps that are open, if whoever is asked wants that:
// of a long checklist nobody wants to press Enter for each.
func (j *Job) askSteps(ctx context.Context) error {
	var refs []records.StepRef
	for _, i := range j.Record.OpenSteps() {
		refs = append(refs, j.Record.Ref(i))
	}
	if len(refs) > 1 {
		goes, err := j.askWhetherToGo(ctx, len(refs))
		if err != nil || !goes {
			return err
		}
	}
	for _, ref := range refs {
		if err := j.askStep(ctx, ref); errors.Is(err, errLeave) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// askWhetherToGo asks once for all steps that are open.
func (j *Job) askWhetherToGo(ctx context.Context, open int) (bool, error) {
	for {
		answer, err := j.Env.Ask(ctx, "%d steps are open. Type go to go through them, or Enter to leave them as they are:", open)
		if err != nil || answer == "" || isBeginOf(answer, "leave") {
			return false, err
		}
		if isBeginOf(answer, "go") {
			return true, nil
		}
		j.Env.NoAnswer(answer)
	}
}

func isBeginOf(answer, word string) bool { return strings.HasPrefix(word, strings.ToLower(answer)) }

func (j *Job) askStep(ctx context.Context, ref records.StepRef) error {
	for {
		i, ok := j.Record.Find(ref)
		if !ok {
			return nil
		}
		s := j.Record.Steps[i]
		answer, err := j.Env.Ask(ctx, "%d %s is %s. d, f or s marks it done, failed or skipped, Enter leaves it, leave leaves all that follow:", i+1, s.Name(), s.State)
		if err != nil || answer == "" {
			return err
		}
		if isBeginOf(answer, "leave") {
			return errLeave
		}
		state, ok := answerState(answer)
		if !ok {
			j.Env.Tell("%q is no state.", answer)
			continue
		}
		_, err = j.Change(ctx, records.MarkStep(ref, records.Mark{State: state, At: j.Env.Now(), By: j.Me}))
		return err
	}
}

// answerState reads a state, also by its first letter.
func answerState(answer string) (records.State, bool) {
	if state, ok := map[string]records.State{"d": records.Done, "y": records.Done, "f": records.StepFailed, "s": records.Skipped}[strings.ToLower(answer)]; ok {
		return state, true
	}
	return records.ParseState(answer)
}

// askNotes asks for notes of a kind until nothing is said.
func (j *Job) askNotes(ctx context.Context, kind records.NoteKind) error {
	question := kind.Section() + "? Enter leaves it empty."
	for {
		answer, err := j.Env.Ask(ctx, "%s", question)
		if err != nil || answer == "" {
			return err
		}
		if _, err = j.Change(ctx, records.AddNote(kind, records.NewNote{Text: answer})); errors.Is(err, records.ErrNoNote) {
			return nil
		}
		if err != nil {
			return err
		}
		j.WarnOfSecrets(answer)
		question = "More? Enter goes on."
	}
}

// AskStatus asks how it ended. usual is what Enter means, "" where that is not
// clear.
func (j *Job) AskStatus(ctx context.Context, usual records.Status) (records.Status, error) {
	enter := "leaves it unfinished"
	if usual != "" {
		enter = "means " + string(usual)
	}
	question := "How did it end? " + strings.Join(cli.Names(records.Endings), ", ") + "; Enter " + enter
	for {
		answer, err := j.Env.Ask(ctx, "%s:", question)
		if errors.Is(err, io.EOF) || answer == "" && err == nil && usual == "" {
			return "", errors.New("the record is not finished: nobody said how the deployment ended; deploystart finish asks again")
		}
		if err != nil {
			return "", err
		}
		if answer == "" {
			return usual, nil
		}
		if status, ok := records.ParseStatus(answer); ok && status != records.InProgress {
			return status, nil
		}
		j.Env.Tell("%q does not say how a deployment ends.", answer)
	}
}

// Failed is how many steps failed.
func (j *Job) Failed() (n int) {
	for _, s := range j.Record.Steps {
		if s.State == records.StepFailed {
			n++
		}
	}
	return n
}

// TellSteps lists the steps that have one of some states.
func (j *Job) TellSteps(states ...records.State) {
	for i, s := range j.Record.Steps {
		if slices.Contains(states, s.State) {
			j.Env.Tell("  %d  %s, %s", i+1, s.Name(), s.State)
		}
	}
}
