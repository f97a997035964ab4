-- Who has a picture, asked before its bytes are deleted.
CREATE INDEX user_avatar ON user (avatar);
CREATE INDEX conversation_avatar ON conversation (avatar);
