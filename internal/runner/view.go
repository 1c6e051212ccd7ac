package runner

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/deploysite/deploysite/internal/records"
)

// The window, from above:
//
//	head     what it is, how far it is, how long it takes
//	list     sections and steps
//	rule     what of the list is not seen
//	detail   the step that keys are for
//	notice   what was done last, or what is being written
//	keys     the most used keys, or the line that is being written
const (
	minWidth  = 40
	minHeight = 10
	pageFrame = 4 // lines of a page that are not its text: title, blank, blank, keys
)

// frame is how many lines each part has.
type frame struct{ head, list, detail, notice int }

// frameOf shares the window out. What there is to say may take lines from the
// detail, so that the list stays where it is.
func (m *model) frameOf() frame {
	f := frame{head: 3, detail: max(2, min(m.height/4, 9)), notice: len(m.bottom()) - 1}
	if m.height < 18 {
		f.head = 2
	}
	f.list = max(1, m.height-f.head-1-f.detail-1-1)
	f.detail -= f.notice - 1
	return f
}

// airy tells whether there is room for blank lines between sections.
func (m *model) airy() bool { return m.height >= 22 }

func (m *model) tooSmall() bool { return m.width < minWidth || m.height < minHeight }

// View implements tea.Model.
func (m *model) View() tea.View {
	var b strings.Builder
	for i, l := range m.screen() {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l.cut(m.width).styled())
	}
	v := tea.NewView(b.String())
	v.AltScreen = true
	if p, ok := m.over.(*prompt); ok && !m.tooSmall() {
		_, x := p.input.view(m.columns() - len(promptSign) - 1)
		v.Cursor = tea.NewCursor(x+len(promptSign), m.height-1)
		v.Cursor.Blink = false
	}
	return v
}

// screen is all lines of the window.
func (m *model) screen() (lines []line) {
	switch over := m.over.(type) {
	case *page:
		if !m.tooSmall() {
			return m.pageLines(over)
		}
	case *question:
		if !over.small && !m.tooSmall() {
			return m.questionLines(over)
		}
	}
	if m.tooSmall() {
		return m.smallLines()
	}
	f := m.frameOf()
	lines = append(withMargin(m.headLines(f.head)), m.progressLine())
	lines = append(lines, withMargin(m.listLines(f.list))...)
	lines = append(lines, m.ruleLine(f.list))
	lines = append(lines, withMargin(m.detailLines(f.detail))...)
	return append(lines, m.bottom()...)
}

// withMargin puts a blank before each line.
func withMargin(lines []line) []line {
	for i := range lines {
		lines[i] = append(line{{" ", plain}}, lines[i]...)
	}
	return lines
}

// inner is the width within the margins.
func (m *model) inner() int { return m.columns() - 2 }

// columns is how many columns of the window are used: in a line that is longer the
// eye gets lost.
func (m *model) columns() int { return min(m.width, 130) }

// smallLines is what a window shows that has no room for more.
func (m *model) smallLines() []line {
	lines := text(fmt.Sprintf("This window has %d × %d characters; %d × %d are needed. Nothing is lost.", m.width, m.height, minWidth, minHeight), plain).wrap(m.width)
	for len(lines) < m.height {
		lines = append(lines, nil)
	}
	return lines[:max(0, m.height)]
}

// headLines are the title and, in more than two lines of head, the facts.
func (m *model) headLines(n int) []line {
	e := elapsedAt(m.record, m.list.sections, m.now)
	var took line
	if e.known {
		took = text(duration(e.total), bold)
	}
	lines := []line{text(shown(first(m.record.Title.Value, 400)), bold).withRight(took, m.inner())}
	if n > 2 {
		facts, counts := m.factsLine(), m.countsLine(false)
		if facts.width()+2+counts.width() > m.inner() {
			counts = m.countsLine(true)
		}
		lines = append(lines, facts.withRight(counts, m.inner()))
	}
	return lines
}

func (m *model) factsLine() line {
	r := m.record
	l := line{{statusWords[r.Status], statusLooks[r.Status]}}
	if !r.Started.IsZero() {
		l = append(l, piece{" since " + startWords(r), dim})
		if r.Status != records.InProgress {
			l[1].text = ", started " + startWords(r)
		}
	}
	var people []string
	for _, d := range r.Deployers {
		people = append(people, shown(first(d.Value, 100)))
	}
	if len(people) > 0 {
		l = append(l, piece{" · " + strings.Join(people, ", "), dim})
	}
	return l
}

func startWords(r *records.Record) string {
	if r.Started.DateOnly {
		return r.Started.Time.Format("2 Jan 2006")
	}
	return r.Started.Time.Format("2 Jan 15:04")
}

// countsLine is how many steps there are of each state; short is by signs alone.
func (m *model) countsLine(short bool) (l line) {
	for _, state := range records.States {
		n := 0
		for _, s := range m.list.sections {
			n += s.count(m.record, state)
		}
		if n == 0 {
			continue
		}
		if len(l) > 0 {
			l = append(l, piece{"   ", dim})
		}
		word := fmt.Sprintf("%s %d", stateSigns[state], n)
		if !short {
			word += " " + stateWords[state]
		}
		l = append(l, piece{word, stateLooks[state]})
	}
	return l
}

// progressLine is a rule that is strong as far as steps are settled.
func (m *model) progressLine() line {
	settled, failed := 0, 0
	for _, s := range m.record.Steps {
		switch s.State {
		case records.Done, records.Skipped:
			settled++
		case records.StepFailed:
			failed++
		}
	}
	all := max(1, len(m.record.Steps))
	a, b := m.columns()*settled/all, m.columns()*failed/all
	if failed > 0 && b == 0 {
		a, b = min(a, m.columns()-1), 1
	}
	return line{{strings.Repeat("━", a), green}, {strings.Repeat("━", b), red}, {strings.Repeat("─", m.columns()-a-b), dim}}
}

// Marks are told by shape, word and colour.
var (
	stateSigns = map[records.State]string{
		records.Done: "✓", records.StepFailed: "✗", records.StepRunning: "▸", records.Skipped: "»", records.Pending: "◦",
	}
	stateLooks = map[records.State]look{
		records.Done: green, records.StepFailed: red | bold, records.StepRunning: cyan | bold, records.Skipped: dim, records.Pending: plain,
	}
	statusLooks = map[records.Status]look{
		records.InProgress: cyan, records.Succeeded: green, records.Failed: red, records.RolledBack: red, records.Cancelled: dim,
	}
)

// listLines are the rows that are seen. The section that the first of them is in
// is always named.
func (m *model) listLines(height int) (lines []line) {
	if len(m.record.Steps) == 0 {
		lines = []line{nil, text("This record has no steps.", plain), text("e opens it in an editor; i, l, t and w write notes.", dim)}
	}
	e := elapsedAt(m.record, m.list.sections, m.now)
	for i := m.top; i < len(m.list.rows) && len(lines) < height; i++ {
		r := m.list.rows[i]
		if i == m.top && m.headingStands() {
			r.step = heading
		}
		switch r.step {
		case blank:
			lines = append(lines, nil)
		case heading:
			lines = append(lines, m.headingLine(r.section, e))
		default:
			lines = append(lines, m.stepLine(r.step))
		}
	}
	for len(lines) < height {
		lines = append(lines, nil)
	}
	return lines[:height]
}

// headingStands tells whether the first row that is seen gives its place to the
// heading of its section.
func (m *model) headingStands() bool {
	r := m.list.rows[m.top]
	return r.step >= 0 && r.step != m.cursor && m.list.sections[r.section].title != ""
}

func (m *model) headingLine(i int, e elapsed) line {
	s := m.list.sections[i]
	open := s.count(m.record, records.Pending) + s.count(m.record, records.StepRunning)
	right := line{{fmt.Sprintf("%d/%d", len(s.steps)-open, len(s.steps)), dim}}
	if took := e.sections[i]; took > 0 {
		right = append(right, piece{fmt.Sprintf("%12s", duration(took)), dim})
	} else {
		right = append(right, piece{strings.Repeat(" ", 12), dim})
	}
	return text(shown(first(s.title, 400)), bold|cyan).withRight(right, m.inner())
}

// wordWidth is that of the longest state's word.
const wordWidth = len("in progress")

func (m *model) stepLine(i int) line {
	s := m.record.Steps[i]
	cursor, label := piece{"  ", plain}, plain
	if s.State == records.Skipped {
		label = dim
	}
	if i == m.cursor {
		cursor, label = piece{"❯ ", cyan | bold}, bold
	}
	l := line{
		cursor,
		{stateSigns[s.State] + " " + fmt.Sprintf("%-*s", wordWidth, stateWords[s.State]) + "  ", stateLooks[s.State]},
		{rowName(s), label},
	}
	if m.width >= wide {
		pad := max(0, m.list.names-width(rowName(s)))
		l = append(l, piece{strings.Repeat(" ", pad+2) + shown(first(restOfText(s), 400)), dim})
	}
	var at line
	if !s.At.IsZero() {
		at = text(clock(m.record, s.At), dim)
	}
	return l.withRight(at, m.inner())
}

// wide is from how many columns on a step's text is shown beside its name.
const wide = 110

// restOfText is the step's text without its name.
func restOfText(s records.Step) string {
	return strings.TrimLeft(strings.TrimPrefix(s.Text, s.Label), ": ")
}

// ruleLine parts list and detail, and says what of the list is not seen.
func (m *model) ruleLine(height int) line {
	var hidden []string
	if m.top > 0 {
		above := m.list.rows[:m.top]
		if m.headingStands() {
			above = m.list.rows[:m.top+1]
		}
		hidden = append(hidden, fmt.Sprintf("↑ %d", stepsIn(above)))
	}
	if end := m.top + height; end < len(m.list.rows) {
		hidden = append(hidden, fmt.Sprintf("↓ %d", stepsIn(m.list.rows[end:])))
	}
	note := ""
	if len(hidden) > 0 {
		note = " " + strings.Join(hidden, "  ") + " more ─"
	}
	return text(strings.Repeat("─", max(0, m.columns()-width(note)))+note, dim)
}

func stepsIn(rows []row) (n int) {
	for _, r := range rows {
		if r.step >= 0 {
			n++
		}
	}
	return n
}

// detailLines tell about the step that keys are for, or show what was pasted.
func (m *model) detailLines(height int) []line {
	var lines []line
	if p, ok := m.over.(*prompt); ok && p.code != "" {
		lines = pastedLines(p.code)
	} else if len(m.record.Steps) > 0 {
		lines = m.stepLines(m.inner())
	}
	if height <= 0 {
		return nil // what there is to say takes all of it
	}
	if len(lines) > height {
		lines = lines[:height]
		more := "… Enter shows all"
		if m.over != nil {
			more = "…"
		}
		lines[height-1] = lines[height-1].withRight(text(more, dim), m.inner())
	}
	for len(lines) < height {
		lines = append(lines, nil)
	}
	return lines
}

func pastedLines(code string) (lines []line) {
	for l := range strings.SplitSeq(ansi.Strip(code), "\n") {
		lines = append(lines, line{{"│ ", dim}, {shown(first(l, 400)), plain}})
	}
	return lines
}

// maxDetail is how many characters of a step's text are looked at for the detail.
const maxDetail = 3000

func (m *model) stepLines(columns int) (lines []line) {
	s := m.record.Steps[m.cursor]
	lines = stepText(m.record, s, maxDetail).wrap(columns)
	if !s.At.IsZero() {
		lines = append(lines, m.markedBy(s).cut(columns))
	}
	for _, n := range m.record.StepNotes(s) {
		lines = append(lines, indented(piece{"– ", dim}, text(shown(first(n, maxDetail)), plain).wrap(columns-2))...)
		if len(lines) > m.height {
			break
		}
	}
	return lines
}

const promptSign = "> "

// bottom is the last lines of the window: the notice and the keys, or what is
// being written.
func (m *model) bottom() []line {
	switch over := m.over.(type) {
	case *prompt:
		return append(m.promptTitle(over), m.promptLine(over))
	case *question:
		if over.small {
			return append(m.noticeLines(text(over.title, bold)), answerLine(over))
		}
	}
	return append(m.noticeLines(m.noticeLine()), m.keysLine())
}

// noticeLines wraps what there is to say into at most three lines.
func (m *model) noticeLines(l line) []line {
	lines := l.wrap(m.inner())
	return withMargin(lines[:min(3, len(lines))])
}

func (m *model) noticeLine() line {
	switch {
	case m.broken != "":
		return text("What is shown is older: "+m.broken+".", red|bold)
	case m.notice.bad:
		return text(m.notice.text, red|bold)
	case m.job != nil && m.notice.text == "":
		return text("Writing …", dim)
	case m.notice.text == "" && m.allSettled():
		return text("No step is open. F finishes.", dim)
	}
	return text(m.notice.text, plain)
}

// allSettled tells that there is nothing left but to finish.
func (m *model) allSettled() bool {
	return len(m.record.Steps) > 0 && m.record.Status == records.InProgress &&
		!slices.ContainsFunc(m.record.Steps, isOpen)
}

// promptTitle says what is being written and how to go on.
func (m *model) promptTitle(p *prompt) []line {
	title := text(p.title, bold)
	if m.notice.bad {
		title = text(m.notice.text, red|bold)
	}
	hint := "Enter writes it, Esc leaves it"
	if p.code != "" {
		hint = fmt.Sprintf("%d lines pasted; say what it is, or press Enter", strings.Count(p.code, "\n")+1)
	} else if p.codes {
		hint = "paste what was printed; Enter writes it, Esc leaves it"
	}
	if title.width()+2+width(hint) <= m.inner() {
		return withMargin([]line{title.withRight(text(hint, dim), m.inner())})
	}
	lines := m.noticeLines(title)
	return append(lines[:min(2, len(lines))], withMargin([]line{text(hint, dim).cut(m.inner())})...)
}

func (m *model) promptLine(p *prompt) line {
	s, _ := p.input.view(m.columns() - len(promptSign) - 1)
	return line{{promptSign, cyan | bold}, {s, plain}}
}

// keysLine shows as many keys as there is room for.
func (m *model) keysLine() line {
	right := line{}
	left := line{{" ", plain}}
	hasCommand := len(m.record.Steps) > 0 && len(commandsOf(m.record, m.record.Steps[m.cursor])) > 0
	for _, b := range bindings() {
		hint := line{{keyName(strings.Fields(b.keys)[0]), bold}, {" " + b.hint + "  ", dim}}
		switch {
		case b.hint == "" || b.keys == "r" && !hasCommand:
		case b.hint == "help" || b.hint == "quit":
			right = append(right, hint...)
		default:
			if left.width()+hint.width()+len("  ? help  q quit  ") <= m.columns() {
				left = append(left, hint...)
			}
		}
	}
	return left.withRight(right, m.columns())
}

func answerLine(q *question) line {
	l := line{{" ", plain}}
	if q.numbers != "" {
		key := "1"
		if n := q.count(); n > 1 {
			key = fmt.Sprintf("1–%d", n)
		}
		l = append(l, piece{key, bold}, piece{" " + q.numbers + "   ", dim})
	}
	for _, a := range q.answers {
		if a.word != "" {
			l = append(l, piece{a.key, bold}, piece{" " + a.word + "   ", dim})
		}
	}
	return append(l, piece{"any other key", bold}, piece{" leaves it", dim})
}

// pageLines is a page over the whole window.
func (m *model) pageLines(p *page) []line {
	body := p.wrapped(m.width)
	height := m.height - pageFrame
	top := max(0, min(p.top, len(body)-height))
	end := min(len(body), top+height)
	keys := line{{" ", plain}, {"Esc", bold}, {" back", dim}}
	if len(body) > height {
		keys = append(keys, piece{"   ↑ ↓ Space", bold}, piece{" scroll", dim})
	}
	var place line
	if end < len(body) || top > 0 {
		place = text(fmt.Sprintf("%d–%d of %d lines ", top+1, end, len(body)), dim)
	}
	return m.fullPage(p.title, body[top:end], keys.withRight(place, pageColumns(m.width)))
}

func (m *model) questionLines(q *question) []line {
	body, keys := q.wrapped(m.width), answerLine(q)
	if !m.canAnswer(q) {
		keys = line{{" Not all of it fits into this window: make it larger. ", red | bold}, {"any key", bold}, {" goes back", dim}}
	}
	return m.fullPage(q.title, body[:min(len(body), m.height-pageFrame)], keys)
}

// fullPage lays a page out.
func (m *model) fullPage(title string, body []line, keys line) []line {
	lines := []line{append(line{{" ", plain}}, text(title, bold|cyan)...), nil}
	for _, l := range body {
		lines = append(lines, append(line{{"  ", plain}}, l...))
	}
	for len(lines) < m.height-1 {
		lines = append(lines, nil)
	}
	return append(slices.Clip(lines), keys)
}
