package records

import (
	"fmt"
	"strings"
	"unicode"
)

// statusWords are the ways to write a status, folded by foldLabel.
var statusWords = map[string]Status{
	"in progress": InProgress, "inprogress": InProgress, "running": InProgress, "ongoing": InProgress,
	"started": InProgress, "open": InProgress, "wip": InProgress, "deploying": InProgress, "blocked": InProgress,

	"succeeded": Succeeded, "success": Succeeded, "successful": Succeeded, "completed": Succeeded,
	"complete": Succeeded, "done": Succeeded, "ok": Succeeded, "passed": Succeeded, "deployed": Succeeded,

	"failed": Failed, "failure": Failed, "fail": Failed, "error": Failed, "unsuccessful": Failed,

	"rolled back": RolledBack, "rolledback": RolledBack, "rollback": RolledBack, "reverted": RolledBack,

	"cancelled": Cancelled, "canceled": Cancelled, "aborted": Cancelled, "abandoned": Cancelled,
	"stopped": Cancelled,
}

// successWords answer a line such as "Success:", besides the statuses.
var successWords = map[string]Status{"yes": Succeeded, "y": Succeeded, "true": Succeeded, "no": Failed, "n": Failed, "false": Failed}

// markStatus is what a mark alone says about a whole deployment.
var markStatus = map[State]Status{Done: Succeeded, StepFailed: Failed, StepRunning: InProgress, Skipped: Cancelled}

// statusHint lists the statuses for whoever wrote another word.
func statusHint() string {
	names := make([]string, len(Statuses))
	for i, s := range Statuses {
		names[i] = string(s)
	}
	return "write one of " + strings.Join(names, ", ")
}

// parseStatus reads a status of the front matter.
func parseStatus(s string) (Status, bool) {
	status, ok := statusWords[foldLabel(s)]
	return status, ok
}

// parseOutcome reads the status or success line of the metrics: a status, yes
// or no, with a mark before it and a remark behind: "✅ Yes", "🚧 IN PROGRESS -
// waiting for the key". A line that names both outcomes, as an unfilled
// template does, says nothing.
func parseOutcome(s string) (Status, bool) {
	if ticked, ok := tickedChoice(s); ok {
		s = ticked
	}
	if status, ok := outcomeWord(s); ok {
		return status, true
	}
	for i, r := range s {
		if !strings.ContainsRune("-–—(,;.:", r) {
			continue
		}
		if status, ok := outcomeWord(s[:i]); ok {
			return withRemark(status, s[i:]), true
		}
	}
	state, n, ok := ParseMark(s)
	if !ok || foldLabel(s[n:]) != "" || strings.ContainsAny(s, "/|") {
		return "", false
	}
	status, ok := markStatus[state]
	return status, ok
}

func outcomeWord(s string) (Status, bool) {
	word := foldLabel(s)
	if status, ok := statusWords[word]; ok {
		return status, true
	}
	status, ok := successWords[word]
	return status, ok
}

// withRemark makes "no" of "no - rolled back" the more exact status.
func withRemark(status Status, remark string) Status {
	if more, ok := outcomeWord(remark); ok && status == Failed && more == RolledBack {
		return more
	}
	return status
}

// tickedChoice is the one ticked word of "[x] Yes [ ] No".
func tickedChoice(s string) (string, bool) {
	if strings.Count(s, "[") < 2 {
		return "", false
	}
	ticked := ""
	for _, part := range strings.SplitAfter(s, "[")[1:] {
		state, n, ok := ParseMark("[" + part)
		if !ok || state != Done {
			continue
		}
		if ticked != "" {
			return "", false
		}
		ticked = strings.TrimRight(part[n-1:], "[ /|")
	}
	return ticked, ticked != ""
}

// deriveStatus finds the outcome where the front matter has none.
func (p *parse) deriveStatus() {
	r := p.r
	if r.Status != "" {
		return
	}
	if p.facts.Status != "" {
		r.Status, r.StatusFrom = p.facts.Status, FromBody
		r.because(StatusReason{Kind: SaidByLine, Said: oneLine(p.facts.Line, 80)})
		return
	}
	if p.badStatus != "" { // the steps must not make a success of what somebody called otherwise
		r.Status, r.StatusFrom = InProgress, FromSteps
		r.because(StatusReason{Kind: StatusUnknown, Said: p.badStatus})
		return
	}
	status, reason := statusOfSteps(r)
	r.Status, r.StatusFrom = status, FromSteps
	r.because(reason)
}

// A StatusReason is why a record has the status that it has, for those who say
// it in their own words; StatusWhy says it in English.
type StatusReason struct {
	Kind  ReasonKind
	Said  string // what the record says, where that decided
	Steps int    // how many failed or are open, where that decided
}

// ReasonKind is one sort of reason.
type ReasonKind string

// The reasons.
const (
	SaidByFrontMatter ReasonKind = "front-matter-line"
	SaidByLine        ReasonKind = "line"
	StatusUnknown     ReasonKind = "unknown-status"
	NoEnd             ReasonKind = "no-end"
	StepsFailed       ReasonKind = "failed"
	StepsOpen         ReasonKind = "open"
	AllDone           ReasonKind = "all-done"
)

func (r *Record) because(reason StatusReason) {
	r.StatusReason, r.StatusWhy = reason, reason.String()
}

// String is one plain clause.
func (r StatusReason) String() string {
	switch r.Kind {
	case SaidByFrontMatter:
		return fmt.Sprintf("“status: %s” in the front matter", r.Said)
	case SaidByLine:
		return fmt.Sprintf("the line “%s” says so", r.Said)
	case StatusUnknown:
		return fmt.Sprintf("its status “%s” is not known", r.Said)
	case NoEnd:
		return "no status and no end is written down"
	case StepsFailed:
		return fmt.Sprintf("an end is written down, and %s failed", count(r.Steps, "step"))
	case StepsOpen:
		return fmt.Sprintf("an end is written down, but %s open", isAre(r.Steps, "step"))
	}
	return "an end is written down, and no step is open"
}

// statusOfSteps is the rule for records in which nobody wrote a status.
func statusOfSteps(r *Record) (Status, StatusReason) {
	if r.Finished.IsZero() {
		return InProgress, StatusReason{Kind: NoEnd}
	}
	open, failed := 0, 0
	for _, s := range r.Steps {
		switch s.State {
		case StepFailed:
			failed++
		case Pending, StepRunning:
			open++
		}
	}
	switch {
	case failed > 0:
		return Failed, StatusReason{Kind: StepsFailed, Steps: failed}
	case open > 0:
		return InProgress, StatusReason{Kind: StepsOpen, Steps: open}
	}
	return Succeeded, StatusReason{Kind: AllDone}
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func isAre(n int, noun string) string {
	if n == 1 {
		return "1 " + noun + " is"
	}
	return count(n, noun) + " are"
}

// foldLabel makes two spellings of a label, heading or word alike: lower case,
// letters and digits only, words parted by one space.
func foldLabel(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		case b.Len() > 0 && !unicode.IsMark(r) && !strings.HasSuffix(b.String(), " "):
			b.WriteByte(' ')
		}
	}
	return strings.TrimSuffix(b.String(), " ")
}

// oneLine is s without line breaks, cut to n characters.
func oneLine(s string, n int) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return string(runes)
}
