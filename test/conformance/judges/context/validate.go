package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

func (c *contextV1beta1) validate() error {
	errs := []error{given("name", c.Name), given("version", c.Version), oneOf("runtime", c.Runtime, "Knative", "Async")}
	if number, err := strconv.Atoi(c.Port); err != nil {
		errs = append(errs, fmt.Errorf("port: %w", err))
	} else {
		errs = append(errs, port("port", number))
	}
	if c.Triggers == nil {
		errs = append(errs, errors.New("triggers: one framework does nothing without them"))
	} else {
		errs = append(errs, c.Triggers.validate())
	}
	if c.Runtime != "Async" && len(c.Inputs) > 0 {
		errs = append(errs, errors.New("inputs: only an async function has some"))
	}
	for key, in := range c.Inputs {
		errs = append(errs, typed("inputs."+key, in.ComponentName, in.ComponentType, "bindings", "pubsub"), given("inputs."+key+".uri", in.URI))
	}
	for key, out := range c.Outputs {
		// One framework does not start with an output that is a state.
		errs = append(errs, typed("outputs."+key, out.ComponentName, out.ComponentType, "bindings", "pubsub"), given("outputs."+key+".uri", out.URI))
	}
	for key, s := range c.States {
		errs = append(errs, typed("states."+key, s.ComponentName, s.ComponentType, "state"))
	}
	return errors.Join(append(errs, c.PluginsTracing.validate("pluginsTracing"))...)
}

func (c *contextV1beta2) validate() error {
	errs := []error{given("name", c.Name), given("version", c.Version)}
	if c.Triggers == nil || (c.Triggers.HTTP == nil) == (len(c.Triggers.Dapr) == 0) {
		errs = append(errs, errors.New("triggers: either http or dapr"))
	} else {
		errs = append(errs, c.Triggers.validate())
	}
	for key, in := range c.Inputs {
		errs = append(errs, typed("inputs."+key, in.ComponentName, in.ComponentType, "bindings", "pubsub", "state"))
	}
	for key, out := range c.Outputs {
		errs = append(errs, typed("outputs."+key, out.ComponentName, out.ComponentType, "bindings", "pubsub", "state"))
	}
	for key, s := range c.States {
		errs = append(errs, typed("states."+key, s.ComponentName, s.ComponentType, "state"))
	}
	return errors.Join(append(errs, c.Tracing.validate("tracing"))...)
}

func (t *triggers) validate() error {
	errs := []error{}
	if t.HTTP != nil {
		errs = append(errs, port("triggers.http.port", t.HTTP.Port), oneOf("triggers.http.engine", t.HTTP.Engine, "", "knative", "keda"))
	}
	for _, d := range t.Dapr {
		errs = append(errs, typed("triggers.dapr."+d.Name, d.Name, d.Type, "bindings", "pubsub"))
	}
	for _, in := range t.Inputs {
		errs = append(errs, typed("triggers.inputs."+in.Dapr.Name, in.Dapr.Name, in.Dapr.Type, "bindings", "pubsub", "state"))
	}
	return errors.Join(errs...)
}

func (t *tracing) validate(path string) error {
	if t == nil {
		return nil
	}
	if !t.Enabled || t.Provider == nil {
		return fmt.Errorf("%s: tracing that is off, or has no provider, is left out", path)
	}
	return oneOf(path+".provider.name", t.Provider.Name, "skywalking", "opentelemetry")
}

func typed(path, name, kind string, blocks ...string) error {
	block, rest, found := strings.Cut(kind, ".")
	if !found || rest == "" {
		return errors.Join(given(path, name), fmt.Errorf("%s: %q is no component type", path, kind))
	}
	return errors.Join(given(path, name), oneOf(path+" type", block, blocks...))
}

func given(path, value string) error {
	if value == "" {
		return fmt.Errorf("%s: missing", path)
	}
	return nil
}

func port(path string, number int) error {
	if number < 1 || number > 65535 {
		return fmt.Errorf("%s: %d is no port", path, number)
	}
	return nil
}

func oneOf(path, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%s: %q is not one of %q", path, value, allowed)
}
