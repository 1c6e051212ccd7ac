package runner

import (
	"fmt"
	"slices"
)

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
		place = inLook(fmt.Sprintf("%d–%d of %d lines ", top+1, end, len(body)), dim)
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
	lines := []line{append(line{{" ", plain}}, inLook(title, bold|cyan)...), nil}
	for _, l := range body {
		lines = append(lines, append(line{{"  ", plain}}, l...))
	}
	for len(lines) < m.height-1 {
		lines = append(lines, nil)
	}
	return append(slices.Clip(lines), keys)
}
