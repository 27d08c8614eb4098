int tuneup_placeholder;
