package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
)

// Ask asks somebody one question. At the end of input and after Ctrl-C the error
// is io.EOF, or that of ctx. What was typed ahead answers the next question.
func (env *Env) Ask(ctx context.Context, format string, args ...any) (string, error) {
	if env.answers == nil {
		env.answers = make(chan string)
		go env.readAnswers()
	}
	fmt.Fprint(env.Stderr, env.fit(format, args...), " ")
	select {
	case line, ok := <-env.answers:
		if !ok {
			fmt.Fprintln(env.Stderr)
			return "", io.EOF
		}
		return line, nil
	case <-ctx.Done():
		fmt.Fprintln(env.Stderr)
		return "", context.Cause(ctx)
	}
}

// Confirm asks for yes or no until the answer is one of them. Enter, and the end of input,
// mean no.
func (env *Env) Confirm(ctx context.Context, question string) (bool, error) {
	for {
		answer, err := env.Ask(ctx, "%s y or n, Enter for n:", question)
		if err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
		switch strings.ToLower(answer) {
		case "y", "yes":
			return true, nil
		case "n", "no", "":
			return false, nil
		}
		env.NoAnswer(answer)
	}
}

// NoAnswer says that an answer is none, before the question comes again.
func (env *Env) NoAnswer(answer string) { env.Tell("%q is no answer here.", answer) }

func (env *Env) readAnswers() {
	defer close(env.answers)
	in := bufio.NewReader(env.Stdin)
	for {
		line, err := in.ReadString('\n')
		if line != "" || err == nil {
			env.answers <- strings.TrimSpace(line)
		}
		if err != nil {
			return
		}
	}
}

// ReadInput reads a file that was named on the command line, or stdin for "-", up to
// limit bytes. A named pipe opens, and ends, when its writer wants to; the end of
// ctx ends the wait.
func (env *Env) ReadInput(ctx context.Context, name string, limit int64) ([]byte, error) {
	return Await(ctx, func() ([]byte, error) {
		from := env.Stdin
		if name != "-" {
			f, err := os.Open(env.Path(name))
			if err != nil {
				return nil, err
			}
			defer f.Close()
			from = f
		}
		return io.ReadAll(io.LimitReader(from, limit))
	})
}

// Await does what may take as long as somebody else wants, such as reading from
// a pipe, and stops waiting when ctx ends.
func Await[T any](ctx context.Context, do func() (T, error)) (T, error) {
	wait, done := sync.OnceValues(do), make(chan struct{})
	go func() {
		_, _ = wait()
		close(done)
	}()
	select {
	case <-done:
		return wait()
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}
