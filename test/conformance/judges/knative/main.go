// Knative Serving's own defaulting and webhook validation, as a filter: each line of standard input is a question, each
// line of standard output its answer, in order.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"knative.dev/pkg/apis"
	"knative.dev/serving/pkg/apis/config"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"
)

type question struct {
	// Features as in the ConfigMap config-features, laid over the release's defaults.
	Features map[string]string `json:"features"`
	// Service is the manifest.
	Service json.RawMessage `json:"service"`
	// Previous is the manifest that Service replaces; absent when it is created.
	Previous json.RawMessage `json:"previous"`
}

type answer struct {
	Errors   []string `json:"errors"`
	Warnings []string `json:"warnings"`
	// Defaulted is the manifest as Knative stores it.
	Defaulted *servingv1.Service `json:"defaulted"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		if err := out.Encode(judge(in.Bytes())); err != nil {
			fatal(err)
		}
	}
	if err := in.Err(); err != nil {
		fatal(err)
	}
}

func judge(line []byte) answer {
	var q question
	if err := strict(line, &q); err != nil {
		fatal(err)
	}
	ctx, err := withFeatures(q.Features)
	if err != nil {
		fatal(err)
	}
	service, err := defaulted(apis.WithinCreate(ctx), q.Service)
	if err != nil {
		return refused("%v", err)
	}
	ctx = apis.WithinParent(ctx, service.ObjectMeta)
	if len(q.Previous) == 0 {
		return of(service, service.Validate(apis.WithinCreate(ctx)))
	}
	previous, err := defaulted(apis.WithinCreate(ctx), q.Previous)
	if err != nil {
		return refused("previous: %v", err)
	}
	return of(service, service.Validate(apis.WithinUpdate(ctx, previous)))
}

// defaulted is what the webhook validates: the manifest with Knative's defaults in it.
func defaulted(ctx context.Context, manifest []byte) (*servingv1.Service, error) {
	service := &servingv1.Service{}
	if err := strict(manifest, service); err != nil {
		return nil, err
	}
	want := servingv1.SchemeGroupVersion.WithKind("Service")
	if got := schema.FromAPIVersionAndKind(service.APIVersion, service.Kind); got != want {
		return nil, fmt.Errorf("this is a %s, not a %s", got, want)
	}
	service.SetDefaults(ctx)
	return service, nil
}

// withFeatures is the context of a webhook whose config-features has these keys, everything else as released.
func withFeatures(features map[string]string) (context.Context, error) {
	parsed, err := config.NewFeaturesConfigFromMap(features)
	if err != nil {
		return nil, err
	}
	cfg := *config.FromContextOrDefaults(context.Background())
	cfg.Features = parsed
	return config.ToContext(context.Background(), &cfg), nil
}

func of(service *servingv1.Service, err *apis.FieldError) answer {
	return answer{
		Errors:    lines(err.Filter(apis.ErrorLevel)),
		Warnings:  lines(err.Filter(apis.WarningLevel)),
		Defaulted: service,
	}
}

func refused(format string, args ...any) answer {
	return answer{Errors: []string{fmt.Sprintf(format, args...)}, Warnings: []string{}}
}

func lines(err *apis.FieldError) []string {
	texts := []string{}
	for _, each := range err.WrappedErrors() {
		texts = append(texts, each.Error())
	}
	return texts
}

func strict(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
