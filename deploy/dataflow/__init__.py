"""What starts extractions on Dataflow where no one has the command: a Flex Template."""
