package records

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// saysOther reports whether words hold another status, or a doubt.
func saysOther(words []string, status Status) bool {
	words = withoutNone(words)
	for rest := words; len(rest) > 0; rest = rest[1:] {
		if other, n := firstStatus(rest); n > 0 && other != status || noes[rest[0]] || butWords[rest[0]] {
			return true
		}
	}
	return status == Succeeded && isDoubt(words)
}

// markStatus is what a mark alone says about a whole deployment.
var markStatus = map[State]Status{Done: Succeeded, StepFailed: Failed, StepRunning: InProgress, Skipped: Cancelled}

// statusHint is the hint for an unknown status.
func statusHint() string {
	names := make([]string, len(Statuses))
	for i, s := range Statuses {
		names[i] = string(s)
	}
	return "write one of " + strings.Join(names, ", ")
}

// ParseStatus reads a status by its name or a usual word for it: "completed".
func ParseStatus(s string) (Status, bool) {
	s = cleanParts().ReplaceAllString(s, " ")
	status, ok := statusPhrase(text.Fold(s))
	if !ok || isDoubtful(s, status) {
		return "", false
	}
	return status, true
}

// statusPhrase reads a folded text of words for a status and words beside them:
// "deployed successfully". ok is false if the words disagree, or if there is any other
// word, such as "not".
func statusPhrase(folded string) (found Status, ok bool) {
	if status, ok := statusWords[folded]; ok { // as most are
		return status, true
	}
	for words := withoutNone(strings.Fields(folded)); len(words) > 0; {
		status, n := firstStatus(words)
		if n == 0 && found != "" && afterStatus[words[0]] && !saysOther(words, found) && !(found == Failed && endsWell(words)) {
			return found, true // "rolled back by the hotfix"
		}
		if n == 0 && !besideStatus[words[0]] {
			return "", false
		}
		if n > 0 {
			if found, ok = bothStatuses(found, status); !ok {
				return "", false
			}
		}
		words = words[max(1, n):]
	}
	return found, found != ""
}

// firstStatus is the status at the beginning of a text, and the number of its words.
func firstStatus(words []string) (Status, int) {
	for n := min(2, len(words)); n > 0; n-- { // of more words there is none
		if status, ok := statusWords[strings.Join(words[:n], " ")]; ok {
			return status, n
		}
	}
	return "", 0
}

// bothStatuses combines two statuses that follow each other. A deployment that failed,
// or succeeded, and was then rolled back is rolled back. After a failed rollback the
// status is unknown.
func bothStatuses(first, second Status) (Status, bool) {
	switch {
	case first == "" || first == second:
		return second, true
	case first == RolledBack && second == Succeeded:
		return RolledBack, true
	case second == RolledBack && (first == Succeeded || first == Failed):
		return RolledBack, true
	}
	return "", false
}

// ParseOutcome reads a status as people write it on a line of the metrics: a
// status, yes or no, with a mark before it and a remark behind: "✅ Yes",
// "🚧 IN PROGRESS - waiting for the key". Other words behind a mark are a remark. ok is
// false for a line with both outcomes, as in an unfilled template.
func ParseOutcome(s string) (Status, bool) {
	if ticked, ok := choice(s); ok && ticked != "" {
		s = ticked
	}
	s = cleanParts().ReplaceAllString(s, " ")
	status, ok := outcome(s)
	if !ok || isDoubtful(s, status) {
		return "", false
	}
	return status, true
}

func outcome(s string) (Status, bool) {
	if status, ok := outcomeWord(s); ok {
		return status, true
	}
	for i, r := range s {
		if !strings.ContainsRune("-–—(,;.:，、。；：（", r) || r == '-' && isHyphen(s, i) {
			continue
		}
		if status, ok := outcomeWord(s[:i]); ok {
			return withRemark(status, s[i:])
		}
	}
	return outcomeMark(s)
}

// isHyphen reports whether the hyphen at i is of a word: "no-action" does not say no.
func isHyphen(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+1:])
	return unicode.IsLetter(before) && unicode.IsLetter(after)
}

func outcomeWord(s string) (Status, bool) {
	word := text.Fold(s)
	if status, ok := successWords[word]; ok {
		return status, true
	}
	return statusPhrase(word)
}

// withRemark adds the remark behind a status. "no - rolled back" is rolled back, and so
// is "rolled back (failed)"; "deployed, failed" is unclear. A remark in other words does
// not change the status, unless it is a doubt.
func withRemark(status Status, remark string) (Status, bool) {
	words := strings.Fields(text.Fold(remark))
	if more, ok := statusPhrase(strings.Join(words, " ")); ok && status != RolledBack {
		return bothStatuses(status, more)
	}
	isOfWork := func(word string) bool { return works[word] }
	if status == Succeeded && len(words) > 0 && !slices.ContainsFunc(words, func(word string) bool { return !isOfWork(word) && !besideStatus[word] }) && slices.ContainsFunc(words, isOfWork) {
		return "", false // "complete (planning)"
	}
	if status == Succeeded && saysOther(words, status) || status == Failed && endsWell(words) || len(words) > 0 && butWords[words[0]] {
		return "", false
	}
	return status, true
}

// outcomeMark reads a line that begins with a mark, unless a word contradicts it:
// "✅ Shipped to all", but not "✅ Most of it was rolled back", nor "✅ Approved".
func outcomeMark(s string) (Status, bool) {
	state, n, ok := ParseMark(s)
	status := markStatus[state]
	if !ok || status == "" || strings.ContainsAny(s, "/|") || strings.HasPrefix(s, "⚠") { // a warning is no outcome
		return "", false
	}
	if words := strings.Fields(text.Fold(s[n:])); saysOther(words, status) || status == Succeeded && isBefore(words) {
		return "", false
	}
	return status, true
}

// choice is what is ticked in a value such as "[x] Yes [ ] No", or "" where that is
// not exactly one. ok is false where a value offers no choice.
func choice(s string) (ticked string, ok bool) {
	s = strings.TrimSpace(s)
	if _, _, ok := boxAt(s); !ok {
		return "", false
	}
	boxes, done, from := 0, 0, -1 // from is behind the box that is ticked
	for i := 0; i < len(s); i++ {
		state, n, ok := boxAt(s[i:min(len(s), i+maxMark)])
		if !ok {
			continue
		}
		if from >= 0 && ticked == "" {
			ticked = s[from:i]
		}
		boxes++
		if state == Done {
			done++
			from = i + n
		}
		i += n - 1
	}
	if boxes < 2 && done > 0 {
		return "", false // "[x] yes" is an answer with a mark
	}
	if done != 1 {
		return "", true
	}
	if ticked == "" {
		ticked = s[from:]
	}
	return strings.Trim(ticked, " /|,;"), true
}

// deriveStatus finds the status if the front matter has none.
func (p *parse) deriveStatus() {
	r := p.r
	if r.Status != "" {
		return
	}
	if said, ok := p.facts.status(); ok && said.status == Succeeded && !p.facts.rollback.IsZero() {
		r.report(p.facts.rollback.Span.Start, problem.UnclearStatus, "write “Rolled back: yes” where it was, or what the rollback would have been in a section of its own",
			"the status is “%s”, and nobody knows whether “%s” says that it was taken back", text.OneLine(said.value, 40), text.OneLine(p.facts.rollback.Value, 40))
		r.Status, r.StatusFrom, r.StatusReason = InProgress, FromSteps, StatusReason{Kind: StatusUnknown, Said: said.value}
		return
	} else if ok {
		r.Status, r.StatusFrom = said.status, FromBody
		r.StatusReason = StatusReason{Kind: SaidByLine, Said: text.OneLine(said.line, 80)}
		return
	}
	if len(p.facts.unclear) > 0 && p.badStatus == "" {
		p.badStatus = text.OneLine(p.facts.unclear[0].Value, 60)
	}
	if p.badStatus != "" { // the steps must not make a success of what somebody called otherwise
		r.Status, r.StatusFrom, r.StatusReason = InProgress, FromSteps, StatusReason{Kind: StatusUnknown, Said: p.badStatus}
		return
	}
	r.StatusFrom = FromSteps
	r.Status, r.StatusReason = statusOfSteps(r)
	if toCome := cmp.Or(p.facts.toCome, p.facts.rollback.Value); r.Status == Succeeded && toCome != "" {
		r.Status, r.StatusReason = InProgress, StatusReason{Kind: StatusUnknown, Said: text.OneLine(toCome, 80)}
	}
}

// IsOld reports whether the deployment began more than a day before now.
func (r *Record) IsOld(now time.Time) bool { return !r.Started.IsZero() && now.After(r.OldAfter()) }

// OldAfter is a day after the deployment began. If its clock time is unknown, it may
// have begun at the end of its day.
func (r *Record) OldAfter() time.Time {
	latest := r.Started.Time
	if r.Started.DateOnly {
		latest = latest.AddDate(0, 0, 1)
	}
	return latest.Add(24 * time.Hour)
}

// IsPast reports an old record with no written outcome. Such a record was imported,
// or begun more than a day before now, and is in progress only by default: its
// outcome is unknown, and nobody works on it. A record that says "in-progress" is
// never past.
func (r *Record) IsPast(now time.Time) bool {
	return r.Status == InProgress && r.StatusFrom == FromSteps && (r.Imported() != "" || r.IsOld(now))
}

// IsPlanned reports whether a deployment is to begin later than now.
func (r *Record) IsPlanned(now time.Time) bool {
	return r.Status == InProgress && !now.IsZero() && now.Before(r.PlannedUntil())
}

// PlannedUntil is when a deployment is no longer planned. Clocks differ a little.
func (r *Record) PlannedUntil() time.Time { return r.Started.Time.Add(-5 * time.Minute) }

// A StatusReason is why a record has its status.
type StatusReason struct {
	Kind  ReasonKind
	Said  string // what the record says, where that decided
	Steps int    // how many failed or are open, where that decided
}

// ReasonKind is a kind of reason.
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
	NoStatus          ReasonKind = "no-status"
)

// statusOfSteps is the status of a record in which none is written.
func statusOfSteps(r *Record) (Status, StatusReason) {
	if r.Finished.IsZero() {
		return InProgress, StatusReason{Kind: NoEnd}
	}
	failed, open := len(stepsThat(r.Steps, func(s Step) bool { return s.State == StepFailed })), len(r.OpenSteps())
	switch {
	case failed > 0:
		return Failed, StatusReason{Kind: StepsFailed, Steps: failed}
	case open > 0:
		return InProgress, StatusReason{Kind: StepsOpen, Steps: open}
	case len(r.Steps) == 0 && r.Imported() != "": // a log's days tell when it ended, not how
		return InProgress, StatusReason{Kind: NoStatus}
	}
	return Succeeded, StatusReason{Kind: AllDone}
}

// ErrNotOver says that it is unclear how a deployment ended: steps failed or are open.
var ErrNotOver = errors.New("nothing says how the deployment ended")

// OutcomeOfSteps is the status of a deployment that ends now: it succeeded if each step
// is done or skipped. Otherwise the error is [ErrNotOver], and a person has to say.
func (r *Record) OutcomeOfSteps() (Status, error) {
	if slices.ContainsFunc(r.Steps, func(s Step) bool { return s.State != Done && s.State != Skipped }) {
		return "", ErrNotOver
	}
	return Succeeded, nil
}
