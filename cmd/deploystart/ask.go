package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
)

// questions asks somebody on a terminal, a line at a time.
type questions struct {
	env   *environment
	lines chan string // closed at the end of input
}

// ask begins to read from the terminal, once: what was typed ahead is kept for
// the next question.
func (env *environment) ask() *questions {
	if env.asking != nil {
		return env.asking
	}
	q := &questions{env: env, lines: make(chan string)}
	env.asking = q
	go func() {
		defer close(q.lines)
		in := bufio.NewReader(env.stdin)
		for {
			line, err := in.ReadString('\n')
			if line != "" || err == nil {
				q.lines <- strings.TrimSpace(line)
			}
			if err != nil {
				return
			}
		}
	}()
	return q
}

// line asks one question. At the end of input and after Ctrl-C the error is
// io.EOF, or that of ctx.
func (q *questions) line(ctx context.Context, format string, args ...any) (string, error) {
	fmt.Fprint(q.env.stderr, q.env.fit(visible(format, args...)), " ")
	select {
	case line, ok := <-q.lines:
		if !ok {
			fmt.Fprintln(q.env.stderr)
			return "", io.EOF
		}
		return line, nil
	case <-ctx.Done():
		fmt.Fprintln(q.env.stderr)
		return "", context.Cause(ctx)
	}
}
