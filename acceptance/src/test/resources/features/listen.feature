Feature: Listen Task
  Tasks that wait for CloudEvents.

  Scenario: Takes the first event that fits
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: listen-one, version: '1.0.0'}
    do:
      - hear:
          listen: {to: {one: {with: {type: listen-one.paid, data: "${ .amount > 10 }"}}}}
    """
    When the workflow is started
    Then the workflow waits at /do/0/hear
    When an event is sent:
    """yaml
    type: listen-one.paid
    data: {amount: 5}
    """
    And an event is sent:
    """yaml
    type: listen-one.paid
    data: {amount: 50}
    """
    And the workflow has ended
    Then the workflow should complete with output:
    """yaml
    - amount: 50
    """

  Scenario: Hears an event that came shortly before it listened
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: listen-early, version: '1.0.0'}
    do:
      - hear:
          listen: {to: {one: {with: {type: listen-early.paid}}}}
    """
    When an event is sent:
    """yaml
    type: listen-early.paid
    data: first
    """
    And the workflow is started
    And the workflow has ended
    Then the workflow should complete with output:
    """yaml
    - first
    """

  Scenario: Waits for one event of each kind
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: listen-all, version: '1.0.0'}
    do:
      - hear:
          listen:
            to: {all: [{with: {type: listen-all.a}}, {with: {type: listen-all.b}}]}
            read: envelope
          output: {as: "map(.type)"}
    """
    When the workflow is started
    And an event is sent:
    """yaml
    type: listen-all.b
    """
    And an event is sent:
    """yaml
    type: listen-all.a
    """
    And the workflow has ended
    Then the workflow should complete with output:
    """yaml
    - listen-all.b
    - listen-all.a
    """

  Scenario: Takes events until another one comes
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: listen-until, version: '1.0.0'}
    do:
      - hear:
          listen:
            to:
              any: [{with: {type: listen-until.bid}}]
              until: {one: {with: {type: listen-until.closed}}}
          foreach:
            item: bid
            at: n
            do:
              - note: {set: {bid: "${ $bid * 2 }", n: "${ $n }"}}
    """
    When the workflow is started
    And an event is sent:
    """yaml
    type: listen-until.bid
    data: 10
    """
    And an event is sent:
    """yaml
    type: listen-until.bid
    data: 12
    """
    And an event is sent:
    """yaml
    type: listen-until.closed
    data: 99
    """
    And the workflow has ended
    Then the workflow should complete with output:
    """yaml
    - {bid: 20, n: 0}
    - {bid: 24, n: 1}
    """

  Scenario: Correlates by what it expects
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: listen-correlate, version: '1.0.0'}
    do:
      - hear:
          listen:
            to:
              one:
                with: {type: listen-correlate.paid}
                correlate: {order: {from: .data.order, expect: "${ .order }"}}
    """
    And given the workflow input is:
    """yaml
    order: B
    """
    When the workflow is started
    And an event is sent:
    """yaml
    type: listen-correlate.paid
    data: {order: A, amount: 1}
    """
    And an event is sent:
    """yaml
    type: listen-correlate.paid
    data: {order: B, amount: 2}
    """
    And the workflow has ended
    Then the workflow should complete with output:
    """yaml
    - {order: B, amount: 2}
    """

  Scenario: Gives up at its timeout
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: listen-timeout, version: '1.0.0'}
    do:
      - hear:
          listen: {to: {one: {with: {type: listen-timeout.never}}}}
          timeout: {after: {milliseconds: 200}}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    status: 408
    type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
    instance: /do/0/hear
    """

  Scenario: Is cancelled while it waits
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: listen-cancel, version: '1.0.0'}
    do:
      - hear: {listen: {to: {one: {with: {type: listen-cancel.never}}}}}
      - never: {set: {x: 1}}
    """
    When the workflow is started
    Then the workflow waits at /do/0/hear
    When the workflow is cancelled by an operator
    And the workflow has ended
    Then the workflow should cancel
    And never should not run

  Scenario: Answers an event with another
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: listen-answer, version: '1.0.0'}
    do:
      - both:
          fork:
            branches:
              - hear:
                  listen: {to: {one: {with: {type: listen-answer.pong}}}}
              - ask:
                  do:
                    - ping: {emit: {event: {with: {type: listen-answer.ping, data: {n: 1}}}}}
                    - heard:
                        listen: {to: {one: {with: {type: listen-answer.ping}}}}
                    - pong: {emit: {event: {with: {type: listen-answer.pong, data: "${ .[0] }"}}}}
      - pick: {set: "${ .[0][0] }"}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    n: 1
    """

  Scenario: Several events together start a workflow, once for each set that belongs together
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: start-all, version: '1.0.0'}
    schedule:
      on:
        all:
          - with: {type: start-all.ordered}
            correlate: {order: {from: .data.order}}
          - with: {type: start-all.paid}
            correlate: {order: {from: .data.order}}
    do:
      - note: {set: {orders: "${ map(.data.order) }", types: "${ map(.type) }"}}
    """
    When an event is sent:
    """yaml
    {type: start-all.paid, data: {order: o-1}}
    """
    And an event is sent:
    """yaml
    {type: start-all.ordered, data: {order: o-2}}
    """
    And an event is sent:
    """yaml
    {type: start-all.paid, data: {order: o-1}}
    """
    And an event is sent:
    """yaml
    {type: start-all.ordered, data: {order: o-1}}
    """
    Then 1 executions of start-all should have completed, each once with:
    """yaml
    - {orders: [o-1, o-1], types: [start-all.paid, start-all.ordered]}
    """
    And an event is sent:
    """yaml
    {type: start-all.paid, data: {order: o-2}}
    """
    And an event is sent:
    """yaml
    {type: start-all.ordered, data: {order: o-1}}
    """
    Then 3 executions of start-all should have completed, each once with:
    """yaml
    - {orders: [o-1, o-1], types: [start-all.paid, start-all.ordered]}
    - {orders: [o-1, o-1], types: [start-all.paid, start-all.ordered]}
    - {orders: [o-2, o-2], types: [start-all.ordered, start-all.paid]}
    """

  Scenario: Data that are sent in base64 are the same to filters, starts and listeners
    Given a function with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: started-by-base64, version: '1.0.0'}
    schedule:
      on:
        one:
          with: {type: base64.begin, data: "${ .order == 7 }"}
          correlate: {order: {from: .data.order, expect: "${ 7 }"}}
    do:
      - tell:
          emit:
            event:
              with:
                type: base64.begun
                datacontenttype: text/plain
                data_base64: '${ "order " + (.[0].data.order | tostring) | @base64 }'
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: hears-base64, version: '1.0.0'}
    do:
      - begin:
          emit:
            event:
              with:
                type: base64.begin
                datacontenttype: application/json
                data_base64: eyJvcmRlciI6N30=
      - hear: {listen: {to: {one: {with: {type: base64.begun, data: "order [0-9]+"}}}}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [order 7]
    """

  Scenario: What an event starts goes on in the trace of the event
    Given a service that answers POST /listen/traced with 200:
    """
    {"n": 1}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: traced, version: '1.0.0'}
    schedule: {on: {one: {with: {type: traced.begin}}}}
    do:
      - ask: {call: http, with: {method: post, endpoint: 'http://service.test/listen/traced', body: {n: 1}}}
    """
    When an event is sent:
    """yaml
    {type: traced.begin, traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00}
    """
    Then 1 executions of traced should have completed, each once with:
    """yaml
    - {n: 1}
    """
    And POST /listen/traced should have received Traceparent "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
