package main

import (
	"fmt"
	"slices"
)

// score is how often the right record was found for some queries.
type score struct {
	asked, first, three int // three counts those in the first three, the first included
}

// judgement is the scores of one search, without and with a typing error.
type judgement struct{ clean, mistyped score }

// judge compares what a search answered, the IDs of the records in order for
// each query, with what is right. An answer that is no record has "" or an ID
// of its own, and takes its place.
func judge(queries []query, answers [][]string) (judgement, error) {
	var j judgement
	if len(answers) != len(queries) {
		return j, fmt.Errorf("%d queries have %d answers", len(queries), len(answers))
	}
	for i, q := range queries {
		if q.mistake == "" {
			j.clean.add(q.rank(answers[i]))
		} else {
			j.mistyped.add(q.rank(answers[i]))
		}
	}
	return j, nil
}

// rank is the place of the first right record, from 1, or 0 where there is none.
func (q query) rank(answer []string) int {
	return 1 + slices.IndexFunc(answer, func(id string) bool { return slices.Contains(q.relevant, id) })
}

func (s *score) add(rank int) {
	s.asked++
	if rank == 1 {
		s.first++
	}
	if 1 <= rank && rank <= 3 {
		s.three++
	}
}
